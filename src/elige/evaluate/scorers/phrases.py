"""The words that stand around an answer, in the languages of common benchmarks."""

import re

_ANSWER = (
    r"answer|ans|solution|respuesta|solución|solucion|antwort|lösung|réponse|reponse|risposta"
    r"|soluzione|resposta|antwoord|odpowiedź|odpověď|svar|cevap|ответ|đáp án|jawaban|उत्तर"
    r"|الإجابة|الجواب|答案|答え|正解|回答|解答|정답|답"
)
_OPTION = (
    r"option|choice|letter|opción|opcion|alternativa|letra|buchstabe|choix|lettre|opzione|scelta"
    r"|lettera|opção|optie|вариант|选项|選項|选择|選擇|选|選"
)
_IS = (
    r"(?:(?:is|was|be|es|sería|seria|ist|lautet|wäre|est|serait|è|é|sarebbe|jest|är|er|это)"
    r"(?![^\W_])|就是|应该是|應該是|是|为|為|は|은|는|:|=|->|→|⇒|—|–|-)"
)
# Up to six words between the noun and "is": "the answer to the first question is".
_FILLER = rf"(?:[ \t]+(?!{_IS})[^\W\d_]+[,']?){{0,6}}?"
_BETWEEN = (
    rf"(?:(?:the|la|el|die|der|das|le|il|lo|correct|correcta|probably|clearly|{_OPTION}|{_ANSWER})"
    r"\b[ \t]*:?[ \t]*)*"
)

# "The answer is ", "La respuesta correcta es la opción ", "答案是", "Option (before B)".
STATED = re.compile(
    rf"(?:(?<![^\W_])|(?<=[\u3040-\u9fff]))(?:"
    rf"(?:{_ANSWER}|{_OPTION}){_FILLER}\s*{_IS}\s*:?\s*{_BETWEEN}"
    rf"|(?:{_OPTION}|{_ANSWER})\s*(?=[(\[]?[A-Z0-9](?![^\W_])))",
    re.IGNORECASE,
)
# "B is the correct answer", "B es la correcta".
STATED_BEHIND = re.compile(
    r"(?<![^\W_])[(\[]?(?P<letter>[A-Z])[)\]]?\s+(?:is|es|ist|est|è|é)\s+"
    r"(?:(?:the|la|el|die|der|a|o)\s+)?(?:\w+\s+)?"
    r"(?:correct|right|best|correcta|correcto|richtig\w*|correcte|bonne|corretta|correta|answer)\b"
)
# "I choose B", "it's B", "elijo B": a letter in running text means a choice only after these.
CHOSEN = re.compile(
    r"(?:\b(?:it['’]?s|is|be|choose|chose|pick|select|go with|es|sería|elijo|escojo|ist|wähle"
    r"|est|choisis|scelgo|escolho)|是|选|選)\s*:?\s*[(\[]?$",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"(?:\b(?:not|never|neither|nor|no|ni|nicht|kein\w*|pas|non|não|isn['’]t|wasn['’]t|rather than"
    r"|instead of)|不是|不)\s+(?:(?:a|an|the|option|la|el|opción|very|muy)\s+)*"
    r"[(\[\"'“‘«]?$"
    r"|(?:不是|不)$",
    re.IGNORECASE,
)
_OR = r"(?:[,/&+]|\b(?:or|and|o|y|u|oder|und|ou|et|e|of|en)\b|或|和|と|か)"
OR_UPPER = re.compile(rf"[)\]\"'”’]?\s*{_OR}\s*[(\[]?[A-Z](?![^\W_]|['’][A-Za-z])")
OR_LOWER = re.compile(rf"[)\]\"'”’]?\s*{_OR}\s*[(\[]?[a-z](?![^\W_]|['’][A-Za-z])")
# What follows a letter that stands for a choice rather than being a word (a, I, y, o).
ENDED = re.compile(
    r"[ \t]*(?:[)\]}>.,;:!?\"'”’—–-]|\n|$)|[ \t]+(?:because|since|as|porque|weil|car|perch)\b"
)

# How a refusal opens, after an apology or without one.
_SORRY = (
    r"(?:i['’]?m|i am)\s+(?:very |so |really )?sorry|sorry|my apologies|i apologi[sz]e|lo siento"
    r"|lo lamento|perdón|disculpa\w*|es tut mir leid|entschuldigung|je suis désolée?|désolée?"
    r"|mi dispiace|desculpe|抱歉|对不起|對不起|申し訳|죄송"
)
_CANNOT = (
    r"(?:i|we)\s+(?:can['’]?t|cannot|can not|won['’]?t|will not|am (?:not able|unable)"
    r"|['’]?m (?:not able|unable)|must (?:decline|refuse)|decline|refuse)"
    r"|(?:i['’]m)\s+(?:not able|unable)|as an? (?:ai|language model|artificial)"
    r"|no (?:puedo|me es posible|estoy en condiciones)|como (?:modelo|una? inteligencia)"
    r"|ich kann (?:ihnen |dir )?(?:das |dabei |hierbei )?(?:leider )?nicht|je ne peux pas"
    r"|non posso|não posso|我不能|我无法|我無法|できません|할 수 없"
)
REFUSAL = re.compile(
    rf"^\W*(?:(?:{_SORRY})[\s\S]{{0,80}}?(?:{_CANNOT}|unable|not able|can['’]?t|cannot)"
    rf"|(?:unfortunately|lamentablemente|leider|however|but)?\W*(?:{_CANNOT}))",
    re.IGNORECASE,
)

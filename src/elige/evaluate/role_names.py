"""Names that columns go by, the likeliest first. Spaces, dashes, underscores, case: no matter."""

import re


def key(name: str) -> str:
    """`name` as it is compared: letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


QUESTION = _words("""
    question query prompt problem questiontext questionstem stem instruction input goal text
    sentence hypothesis sentence2 ctx content document article review message utterance email
    sms tweet comment title headline body source user pregunta frage texto
""")
CONTEXT = _words("context passage premise support background paragraph contexto sentence1")
CHOICES = _words("""
    choices endings options candidates alternatives continuations completions answerchoices
    multiplechoiceoptions opciones
""")
ANSWER = _words("""
    answer answerkey label target gold correct correctanswer correctoption correctchoice expected
    expectedanswer expectedoutput output goldlabel goldanswer groundtruth reference
    referenceanswer finalanswer response completion solution answers ideal idealanswer
    correctindex answerindex answeridx cop sentiment class intent category summary highlights
    translation respuesta etiqueta antwort canonicalsolution code
""")
ID = _words("id uid uuid guid sampleid exampleid itemid")
# Often no ids at all: taken only where every value is another one.
WEAK_ID = _words("questionid qid index idx ind rowid unnamed0 nr no")
GROUP = _words("group subject category topic domain subset subcategory")
CLUSTER = _words("""
    cluster clusterid passageid passage documentid docid document articleid article storyid
    paragraphid contextid conversationid dialogueid sessionid threadid
""")
# One column for each choice: A, B, C or option_1, option_2, ...
LETTERED = re.compile(
    r"(|option|options|choice|choices|answer|ans|op|opt|sol|solution|ending|candidate|"
    r"alternative|opcion)([a-j]|\d)"
)
WRONG = re.compile(
    r"(distractors?|incorrect|incorrectanswers?|incorrectoptions?|wrong|wronganswers?|"
    r"falseanswers?)([a-j]|\d)?"
)

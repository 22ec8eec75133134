"""Small texts as bytes, packed against words that they share.

Measured on 20,000 entries made from llmfit's real records: JSON 500 bytes; deflated with this
dictionary 166, 12.7 us to write and 2.4 to read; as a block of LZ4 with it 201, 2.0 and 0.8. A
first load has 2.5 million of them, written by the core that is the bound.
"""

import zlib

import lz4.block

# The first byte of each text. Whatever changes the bytes below it, the words included, is a new
# one, with its own reader; what an older elige wrote stays readable.
VERSION = 2
_DEFLATED = 1

# Most common last, where deflate reaches them with the fewest bits (RFC 1950, FDICT).
_WORDS = (
    b'"knowledge_cutoff":"osai_score":"mof_class":"metrics_and_checkpoints":"fine_tuning_code":'
    b'"evaluation_code":"full_weights":"training_data":"partial""closed""unknown""size_bytes":'
    b'"homepage":"https://huggingface.co/""paper":"https://arxiv.org/abs/""licence_link":'
    b'"collections":["lesson-16"]"deprecated":"tool_call":true,"reasoning":false,"max_output":'
    b'"head_dim":128,"kv_heads":8,"heads":32,"hidden":4096,"layers":32,"vocabulary":'
    b'"active_parameters":"modalities_in":["text","image"],"modalities_out":["text"],'
    b'"description":"datasets":["languages":["en","fr","de","es","zh","ja"],"family":"qwen2"'
    b'"llama""mistral""gemma3_text""qwen3""architecture":"formats":["safetensors","gguf"],'
    b'"weights":"open","gated""text-to-image""feature-extraction""image-text-to-text"'
    b'"automatic-speech-recognition""text-classification""sentence-transformers""diffusers""peft"'
    b'"lora","autotrain_compatible","text-generation-inference","endpoints_compatible",'
    b'"conversational","arxiv:","base_model:adapter:","base_model:merge:","base_model:quantized:",'
    b'"base_model:finetune:","dataset:","license:mit","license:apache-2.0","region:us",'
    b'"en","tags":["transformers","safetensors","text-generation","library":"transformers",'
    b'"task":"text-generation","licence":"apache-2.0","released":"2024-","updated":"2025-'
    b'"created":"context":131072,32768,"parameters":"likes":0,"downloads":"author":"name":"'
)

_MARK = bytes((VERSION,))
# Of a text, in front of which LZ4 says in four bytes how long it is.
_LONGEST = 1 << 28


def packed(text: bytes) -> bytes:
    """`text` as few bytes."""
    block: bytes = _compress(text, store_size=True, dict=_WORDS)
    return _MARK + block


def is_known(data: bytes) -> bool:
    """Whether it is in a format that is known here."""
    return bool(data) and data[0] in (VERSION, _DEFLATED)


def unpacked(data: bytes) -> bytes:
    """What `packed` made `data` of, now or in an older elige. Raises `ValueError` for no such."""
    try:
        if data[0] == _DEFLATED:
            return zlib.decompressobj(-12, _WORDS).decompress(data[1:])
        if int.from_bytes(data[1:5], "little") > _LONGEST:
            raise ValueError("it says that it is far longer than any text")
        found: bytes = _decompress(data[1:], dict=_WORDS)
    except (zlib.error, lz4.block.LZ4BlockError) as error:
        raise ValueError(str(error)) from error
    return found


_compress, _decompress = lz4.block.compress, lz4.block.decompress

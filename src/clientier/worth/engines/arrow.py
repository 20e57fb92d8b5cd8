"""Columns of numbers out of DuckDB by the Arrow C stream, without copies that NumPy need not make.

The layout of the structures is that of the Arrow C data interface. DuckDB hands a stream out by itself, so
that no Arrow library is needed to read whole numbers without missing values.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMATS = {b"c": np.int8, b"s": np.int16, b"i": np.int32, b"l": np.int64, b"g": np.float64}


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))),
    ("private_data", ctypes.c_void_p),
]
_pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_in.restype = ctypes.c_void_p
_pointer_in.argtypes = [ctypes.py_object, ctypes.c_char_p]


def chunks(relation: Any) -> Iterator[dict[str, NDArray[Any]]]:
    """The rows of a relation, some at a time; the arrays are valid until the next are asked for."""
    capsule = relation.__arrow_c_stream__()
    stream = ctypes.cast(_pointer_in(capsule, b"arrow_array_stream"), ctypes.POINTER(_Stream))
    schema = _Schema()
    _check(stream, stream.contents.get_schema(stream, ctypes.byref(schema)))
    children = [schema.children[place].contents for place in range(schema.n_children)]
    columns = [(child.name.decode(), np.dtype(FORMATS[child.format])) for child in children]
    schema.release(ctypes.byref(schema))
    while True:
        array = _Array()
        _check(stream, stream.contents.get_next(stream, ctypes.byref(array)))
        if not array.release:
            return
        try:
            yield {
                name: _column(array.children[place].contents, kind)
                for place, (name, kind) in enumerate(columns)
            }
        finally:
            array.release(ctypes.byref(array))


def _column(array: _Array, kind: np.dtype[Any]) -> NDArray[Any]:
    if array.null_count:
        raise ValueError("a column holds missing values")
    size = array.length * kind.itemsize
    if not size:
        return np.empty(0, dtype=kind)
    start = array.buffers[1] + array.offset * kind.itemsize
    return np.frombuffer((ctypes.c_char * size).from_address(start), dtype=kind)


def _check(stream: Any, code: int) -> None:
    if code:
        message = stream.contents.get_last_error(stream) or b"the stream ended"
        raise RuntimeError(message.decode(errors="replace"))

"""The codec: `decode(body) -> Envelope`, `encode(message, id, namespace) -> bytes`.

Reading is in `decode` (strict) and `mending` (lenient), writing in `encode`.
"""

from backend.cwmp.decode import decode
from backend.cwmp.encode import encode
from backend.cwmp.envelope import CWMP_1_0, CWMP_1_1, CWMP_1_2, LIMITS, Envelope, Limits

__all__ = [
    "CWMP_1_0",
    "CWMP_1_1",
    "CWMP_1_2",
    "LIMITS",
    "Envelope",
    "Limits",
    "decode",
    "encode",
]

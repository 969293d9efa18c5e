"""Reads a log back, also one whose writer was killed."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from mcap.exceptions import EndOfFile, McapError
from mcap.records import Attachment, Channel, Footer, Message, Metadata, Schema
from mcap.stream_reader import CRCValidationError, StreamReader

from exoactor_rt.errors import LogError

_RECORD_LIMIT_BYTES = 64 << 20
_MAGIC_BYTES = 8
_FOOTER_BYTES = 1 + 8 + 8 + 8 + 4


@dataclass(frozen=True)
class LogMessage:
    """One message: `schema` is the ROS 2 type's name, `data` CDR."""

    topic: str
    schema: str
    stamp_ns: int
    data: bytes


@dataclass
class Log:
    """What a log holds.

    Attributes:
        messages: in the order of writing.
        attachments: name -> data.
        metadata: of the whole log.
        defect: why the log ends before its end, in words; empty for a whole log.
    """

    messages: list[LogMessage] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    defect: str = ""

    def on_topic(self, topic: str) -> list[LogMessage]:
        """The messages of one topic, in order."""
        return [message for message in self.messages if message.topic == topic]


def read_log(path: Path) -> Log:
    """Reads a whole log in the order of its bytes; needs no index.

    A log that was cut short, as after a crash of its writer, gives every complete chunk and says so
    in `defect`. A log that was altered is refused.

    Args:
        path: of the MCAP file.

    Raises:
        LogError: no such file, no MCAP, or a checksum does not match.
    """
    log = Log()
    try:
        with path.open("rb") as file:
            reader = StreamReader(file, validate_crcs=True, record_size_limit=_RECORD_LIMIT_BYTES)
            _collect(reader, log)
        _check_summary(path)
    except OSError as error:
        raise LogError(f"log {path}: {error.strerror}; not read") from error
    except (EndOfFile, struct.error) as error:
        log.defect = f"cut short after {len(log.messages)} messages ({type(error).__name__})"
    except CRCValidationError as error:
        raise LogError(f"log {path}: {error}; log altered, not read") from error
    except (McapError, ValueError, RuntimeError, KeyError, UnicodeDecodeError) as error:
        raise LogError(f"log {path}: {error or type(error).__name__}; not read") from error
    return log


def _collect(reader: StreamReader, log: Log) -> None:
    schemas: dict[int, str] = {}
    channels: dict[int, tuple[str, str]] = {}
    for record in reader.records:
        if isinstance(record, Schema):
            schemas[record.id] = record.name
        elif isinstance(record, Channel):
            channels[record.id] = (record.topic, schemas[record.schema_id])
        elif isinstance(record, Message):
            topic, schema = channels[record.channel_id]
            log.messages.append(LogMessage(topic, schema, record.log_time, record.data))
        elif isinstance(record, Attachment):
            log.attachments[record.name] = record.data
        elif isinstance(record, Metadata):
            log.metadata.update(record.metadata)


def _check_summary(path: Path) -> None:
    """Compares the summary with its checksum, which the stream reader does not look at."""
    data = path.read_bytes()
    end = len(data) - _MAGIC_BYTES
    footer = data[end - _FOOTER_BYTES : end]
    summary_start, _, expected = struct.unpack_from("<QQI", footer, 9)
    actual = zlib.crc32(data[summary_start : end - 4])
    if expected != actual:
        raise CRCValidationError(expected, actual, Footer(summary_start, 0, expected))

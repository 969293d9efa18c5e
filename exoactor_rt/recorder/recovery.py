"""A whole log out of a damaged one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mcap.writer import CompressionType, Writer

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.log_reader import DAMAGE
from exoactor_rt.recorder.log_scan import Channel, LogScan
from exoactor_rt.recorder.segment import CHUNK_BYTES, METADATA_NAME


@dataclass(frozen=True)
class Recovery:
    """What was kept, and what was wrong: empty for a log that was whole."""

    messages: int
    attachments: int
    damages: tuple[str, ...]


def recover_log(source: Path, target: Path) -> Recovery:
    """Writes every whole chunk of `source` to `target`, with an index.

    The metadata of the new log name the damage, so that no check takes it for a whole one.

    Args:
        source: the damaged log; left as it is.
        target: replaced where it exists.

    Raises:
        LogError: `source` cannot be read or holds nothing, or `target` cannot be written.
    """
    if target.exists() and target.samefile(source):
        raise LogError(f"log {source}: it would replace itself; nothing recovered")
    scan = LogScan(source)
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            count = _copy(scan, file)
        if not count:
            raise LogError(f"log {source}: {'; '.join(scan.damages)}; nothing to recover")
        part.replace(target)
    except OSError as error:
        raise LogError(f"log {target}: {error.strerror}; not written") from error
    finally:
        part.unlink(missing_ok=True)
    return Recovery(count, len(scan.attachments), tuple(scan.damages))


def _copy(scan: LogScan, file: object) -> int:
    writer = Writer(
        file,
        chunk_size=CHUNK_BYTES,
        compression=CompressionType.LZ4,
        enable_crcs=True,
        enable_data_crcs=True,
    )
    writer.start(profile="ros2", library="exoactor_rt")
    ids: dict[Channel, int] = {}
    count = 0
    for chunk in scan.messages():
        for message in chunk:
            channel = message.channel
            if channel not in ids:
                schema = writer.register_schema(
                    channel.type_name, "ros2msg", channel.definition.encode()
                )
                ids[channel] = writer.register_channel(channel.topic, "cdr", schema)
            writer.add_message(ids[channel], message.stamp_ns, message.payload, message.stamp_ns)
            count += 1
    for name, data in scan.attachments.items():
        writer.add_attachment(0, 0, name, "application/octet-stream", data)
    described = {**scan.metadata, "recovered_from": scan.path.name}
    if scan.damages:
        earlier = [described[DAMAGE]] if DAMAGE in described else []
        described[DAMAGE] = "; ".join([*earlier, *scan.damages])
    writer.add_metadata(METADATA_NAME, described)
    writer.finish()
    return count

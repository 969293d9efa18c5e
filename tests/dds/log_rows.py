"""A topic of a log whose definition is that of its columns."""

import numpy as np

from exoactor_rt.recorder import read_log
from exoactor_rt.recorder.tick_table import type_of


def rows_of(path, topic):
    """A topic's rows as one structured array."""
    messages = read_log(path).on_topic(topic)
    dtype = type_of(messages[0].channel.definition)
    return np.frombuffer(b"".join(message.payload[4:] for message in messages), dtype)

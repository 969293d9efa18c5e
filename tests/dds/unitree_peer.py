"""The other end of the interoperation tests: runs under an interpreter that has unitree_sdk2py.

`unitree_peer.py ROLE DOMAIN COUNT`; the last line of the output is JSON.
"""

import json
import sys
import time

from unitree_sdk2py.comm.motion_switcher.motion_switcher_client import MotionSwitcherClient
from unitree_sdk2py.core.channel import (
    ChannelFactoryInitialize,
    ChannelPublisher,
    ChannelSubscriber,
)
from unitree_sdk2py.idl.default import (
    unitree_hg_msg_dds__HandState_,
    unitree_hg_msg_dds__IMUState_,
    unitree_hg_msg_dds__LowCmd_,
    unitree_hg_msg_dds__LowState_,
)
from unitree_sdk2py.idl.unitree_hg.msg.dds_ import HandState_, IMUState_, LowCmd_, LowState_
from unitree_sdk2py.utils.crc import CRC

PERIOD_S = 0.002
QUIET_S = 1.0
crc = CRC()
seen = {"received": 0, "bad_crc": 0, "position": None}


def look(message):
    seen["received"] += 1
    seen["bad_crc"] += crc.Crc(message) != message.crc
    motors = message.motor_cmd if hasattr(message, "motor_cmd") else message.motor_state
    seen["position"] = [motors[joint].q for joint in range(29)]


def paced(count):
    due_s = time.monotonic()
    for index in range(count):
        yield index
        due_s += PERIOD_S
        time.sleep(max(0.0, due_s - time.monotonic()))


def send_states(count):
    publisher = ChannelPublisher("rt/lowstate", LowState_)
    publisher.Init()
    time.sleep(QUIET_S)
    state = unitree_hg_msg_dds__LowState_()
    state.mode_machine = 5
    for index in paced(count):
        state.tick = 2 * index + 2
        state.motor_state[3].q = 0.001 * index
        state.crc = crc.Crc(state)
        publisher.Write(state)


def send_commands(count):
    publisher = ChannelPublisher("rt/lowcmd", LowCmd_)
    publisher.Init()
    time.sleep(QUIET_S)
    command = unitree_hg_msg_dds__LowCmd_()
    command.mode_machine = 5
    for joint in range(29):
        command.motor_cmd[joint].mode = 1
        command.motor_cmd[joint].kp = 20.0
    for index in paced(count):
        command.motor_cmd[3].q = 0.001 * index
        command.crc = crc.Crc(command)
        publisher.Write(command)


def send_side(count):
    imus = ChannelPublisher("rt/secondary_imu", IMUState_)
    hands = [ChannelPublisher(f"rt/dex3/{side}/state", HandState_) for side in ("left", "right")]
    for publisher in (imus, *hands):
        publisher.Init()
    time.sleep(QUIET_S)
    imu, hand = unitree_hg_msg_dds__IMUState_(), unitree_hg_msg_dds__HandState_()
    imu.quaternion = [0.8, 0.0, 0.6, 0.0]
    seen["motors"] = len(hand.motor_state)
    for index in paced(count):
        imu.gyroscope = [0.001 * index, 0.0, 0.0]
        hand.motor_state[6].q = 0.001 * index
        for publisher, message in zip((imus, *hands), (imu, hand, hand), strict=True):
            publisher.Write(message)


def receive(topic, kind, seconds):
    subscriber = ChannelSubscriber(topic, kind)
    subscriber.Init(look, 64)
    print("ready", flush=True)
    time.sleep(seconds)


def switch_mode():
    client = MotionSwitcherClient()
    client.SetTimeout(2.0)
    client.Init()
    before = client.CheckMode()
    released = client.ReleaseMode()
    seen.update(before=before, released=released, after=client.CheckMode())


def main():
    role, domain, count = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    ChannelFactoryInitialize(domain, "lo")
    if role == "send_states":
        send_states(int(count))
    elif role == "send_commands":
        send_commands(int(count))
    elif role == "send_side":
        send_side(int(count))
    elif role == "receive_states":
        receive("rt/lowstate", LowState_, count)
    elif role == "receive_commands":
        receive("rt/lowcmd", LowCmd_, count)
    else:
        switch_mode()
    print(json.dumps(seen), flush=True)


main()

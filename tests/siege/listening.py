"""What goes over the wires of a network namespace, packet by packet; needs root."""

from __future__ import annotations

import ctypes
import ipaddress
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ALL = 3
"""ETH_P_ALL, every protocol."""
OUTGOING = 4
"""The type of a packet's own copy as it leaves: on ``lo`` each is seen twice."""
TCP, UDP = 6, 17
SYN, ACK = 2, 16
DEATH_OF_PARENT = 1
"""PR_SET_PDEATHSIG."""


class Packet(NamedTuple):
    """A packet that begins something, ports are 0 where the protocol has none."""

    protocol: int
    source: str
    source_port: int
    target: str
    port: int

    def __str__(self) -> str:
        name = {TCP: "tcp", UDP: "udp"}.get(self.protocol, f"protocol {self.protocol}")
        return f"{name} {self.target} {self.port}"


def listen(heard: Callable[[Packet], None]) -> threading.Thread:
    """Tell of each packet that begins a connection by TCP, and of all that are not of TCP."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024 * 1024)

    def hear() -> None:
        while True:
            data, (_, kind, direction, *_) = wire.recvfrom(200)
            packet = read(kind, data) if direction != OUTGOING else None
            if packet is not None:
                heard(packet)

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    return thread


def read(kind: int, data: bytes) -> Packet | None:
    if kind == 0x0800:
        start, protocol, ends = (data[0] & 15) * 4, data[9], (data[12:16], data[16:20])
    elif kind == 0x86DD:
        start, protocol, ends = 40, data[6], (data[8:24], data[24:40])
    else:
        return Packet(0, "", 0, f"link {kind:#x}", 0)
    source, target = (str(ipaddress.ip_address(each)) for each in ends)
    ports = (0, 0)
    if protocol in {TCP, UDP}:
        ports = struct.unpack("!HH", data[start : start + 4])
    if protocol == TCP and data[start + 13] & (SYN | ACK) != SYN:
        return None
    return Packet(protocol, source, ports[0], target, ports[1])


def end_with_parent() -> None:
    """Be killed when the process ends that started this one."""
    ctypes.CDLL(None).prctl(DEATH_OF_PARENT, signal.SIGKILL)


def main() -> None:
    """Write each packet that is not for the port given, a line each, to the file given."""
    path, port = sys.argv[1], int(sys.argv[2])
    end_with_parent()
    with Path(path).open("a", buffering=1, encoding="utf-8") as told:

        def heard(packet: Packet) -> None:
            if (packet.protocol, packet.target, packet.port) != (TCP, "127.0.0.1", port):
                told.write(f"{packet}\n")

        thread = listen(heard)
        print("listening", flush=True)
        thread.join()


if __name__ == "__main__":
    main()

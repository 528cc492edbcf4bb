"""Runs a program behind a slow way to the terminal that this runs in.

usage: slow_terminal.py RATE_FILE DELAY_MS COMMAND...

RATE_FILE holds the bytes a second that the way takes in, and may change while the program runs; DELAY_MS is the time
that each direction takes. Nothing is lost and nothing is reordered: what does not fit waits in the program's terminal.
"""

import collections
import fcntl
import os
import pty
import select
import sys
import termios
import time
import tty

BURST = 0.01


def rate_of(path):
    try:
        with open(path) as file:
            return float(file.read())
    except (OSError, ValueError):
        return None


class Delayed:
    """Bytes on their way, each to be handed on at its time."""

    def __init__(self, target, delay):
        self.target, self.delay, self.parts = target, delay, collections.deque()

    def take(self, data, now):
        self.parts.append((now + self.delay, data))

    def hand_on(self, now):
        while self.parts and self.parts[0][0] <= now:
            data = self.parts.popleft()[1]
            while data:
                data = data[os.write(self.target, data):]

    def wait(self, now):
        return max(0.0, self.parts[0][0] - now) if self.parts else 1.0


def run(rate_file, delay, command):
    child, program = pty.fork()
    if child == 0:
        os.environ.pop("TMUX", None)
        os.execvp(command[0], command)
    size = fcntl.ioctl(1, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(program, termios.TIOCSWINSZ, size)
    shown, typed = Delayed(1, delay), Delayed(program, delay)
    rate, last, room = rate_of(rate_file) or 1e6, time.monotonic(), 0.0
    while True:
        now = time.monotonic()
        rate = rate_of(rate_file) or rate
        room = min(room + rate * (now - last), max(256.0, rate * BURST))
        last = now
        shown.hand_on(now)
        typed.hand_on(now)
        sources = [0] + ([program] if room >= 64 else [])
        wait = min(shown.wait(now), typed.wait(now), 0.002 if room < 64 else 0.05)
        ready = select.select(sources, [], [], wait)[0]
        now = time.monotonic()
        if program in ready:
            try:
                data = os.read(program, int(room))
            except OSError:
                data = b""
            if not data:
                break
            room -= len(data)
            shown.take(data, now)
        if 0 in ready:
            typed.take(os.read(0, 4096), now)
    while shown.parts:
        time.sleep(shown.wait(time.monotonic()))
        shown.hand_on(time.monotonic())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        status = run(sys.argv[1], float(sys.argv[2]) / 1000, sys.argv[3:])
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
    sys.exit(status if status >= 0 else 128 - status)


main()

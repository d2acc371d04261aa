"""What all tests of the kit share."""

import signal

pytest_plugins = ["pytester"]

# a run in the background of a shell ignores interrupts, and so would each program that a test starts and interrupts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

"""The bedside listener: wake, listen, answer, keep the session open, be interruptible, survive the night."""

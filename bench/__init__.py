"""Measures the running product against a floor, and its pushes against Node's socket.io."""

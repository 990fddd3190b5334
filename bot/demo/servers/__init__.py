"""Music services on the loopback interface: real shapes, real state, faults on demand."""

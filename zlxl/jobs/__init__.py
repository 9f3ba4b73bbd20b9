"""One function a job; the only place where the stages meet."""

"""The definitions of the main job: two assets, their checks, the job of both, and the sensor that starts it."""

"""What the web app talks to: one screen, one view model, no promise to anyone else."""

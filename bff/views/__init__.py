"""The shapes of the web app's screens; its own TypeScript types are written from these."""

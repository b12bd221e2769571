"""The courier: one plain process a service that carries what was said, and hears what others say."""

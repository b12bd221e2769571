"""The courier: a plain process a service; it carries what was said and hears the others."""

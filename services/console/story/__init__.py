"""The season that the demo tells: two organisations, their access points, three families to follow.

Proposals come by mail, on filled forms; everything else happens by commands to the services, as
people would give them. What follows happens by itself. The people are plainly invented.
"""

"""Every way off the path of Article 9, taken through the door: back, out, back in, held, too late, not mine."""

"""The portal: where whoever needs help asks for it and follows what they asked for."""

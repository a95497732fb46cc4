"""Economy: who pays whom for what, and what plants and organisations earn on what they invest."""

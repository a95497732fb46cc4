"""Language: words, their stems, compounds and slips, in Finnish, Swedish, Spanish and English."""

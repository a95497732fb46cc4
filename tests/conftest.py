"""What tests of several rooms share stands beside this file; it makes `import builders` work from every folder."""

"""Reports: what a synthesis learnt and what is to be doubted, as pages for people."""

"""Speed, measured: the gateway against floors and peers in the same run, told as ratios only."""

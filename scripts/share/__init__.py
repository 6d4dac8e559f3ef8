"""What staff share at an information evening: QR codes, posters, handouts, a ZIP of it all."""

"""What leaves the house: tables, dossiers, ClaimReview."""

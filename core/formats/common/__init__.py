"""What several formats share: amounts, days, texts and pictures as banks write them."""

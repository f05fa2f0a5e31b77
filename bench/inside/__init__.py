"""What runs inside of the product that is measured, in the processes of its tree."""

//! Checks against Microsoft's published contract.

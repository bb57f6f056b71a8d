//! Cases at a terminal: `idv case`.

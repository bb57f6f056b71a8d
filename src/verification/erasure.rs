//! Somebody is forgotten: everything that is known of them goes at once, and it is remembered, by a mark that names nobody,
//! that they were, so that neither a login under way nor a backup brings them back.

/// Why somebody is erased: a closed list, for it stands in the audit log, which forgets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// They ask for it.
    Request,
    /// They have left, or what they were verified for is over.
    Left,
    /// It should never have been recorded.
    Mistake,
    /// An authority or a court wants it so.
    Ordered,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Request, Self::Left, Self::Mistake, Self::Ordered];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Left => "left",
            Self::Mistake => "mistake",
            Self::Ordered => "ordered",
        }
    }

    /// The reason whose word is `word`, if there is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// What went with somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many checks.
    pub checks: u64,
    /// How many pictures are deleted.
    pub pictures: u64,
}

/// What came of the wish to have somebody erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Erasure {
    /// Everything that was known of them is gone.
    Done(Erased),
    /// Nothing was known of them.
    Nothing,
    /// It is not done: their case is on hold.
    OnHold,
    /// It is not done: an operator of the console is this person.
    IsOperator,
}

//! Identifiers, one type per kind of thing, so that an action's number can't be passed for a person's.

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A plan.
    PlanId,
    /// A recommendation.
    RecommendationId,
    /// An action.
    ActionId,
    /// One deadline of an action: the original or a revision.
    RevisionId,
    /// A post.
    PostId,
    /// One holding of a post.
    HoldingId,
    /// A person.
    PersonId,
    /// A reporting round.
    RoundId,
    /// An update.
    UpdateId,
    /// An update that is saved for later.
    DraftId,
    /// A panel.
    PanelId,
    /// A meeting of a panel.
    MeetingId,
    /// A question from the panel.
    QuestionId,
    /// Something that somebody is to be told.
    NoticeId,
    /// A resolution of a panel.
    ResolutionId,
    /// A change of an action’s state.
    StateChangeId,
    /// A variation of a recommendation.
    VariationId,
}

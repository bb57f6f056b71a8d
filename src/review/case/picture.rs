//! `/case/N/picture/SLOT?OBJECT`: a picture, for who has the case to themselves, or for a supervisor who says why. Each is
//! an entry of the audit log, before it is shown.

use hyper::body::Bytes;

use crate::ops::report::Report;
use crate::review::gate::Visit;
use crate::review::refusal::Refusal;
use crate::review::seat::{Opened, apart};
use crate::verification::event::Sight;
use crate::verification::method::document::Slot;
use crate::verification::object::ObjectId;
use crate::web::error::Refusal as Malformed;
use crate::web::{Answer, jpeg};

/// Why a supervisor looks at pictures of a case that is not theirs to decide. A closed list: it stands in addresses and in
/// the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::review) enum Look {
    Complaint,
    Dispute,
    Quality,
    Authority,
}

impl Look {
    pub(in crate::review) const ALL: [Self; 4] = [Self::Complaint, Self::Dispute, Self::Quality, Self::Authority];

    pub(in crate::review) const fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::Dispute => "dispute",
            Self::Quality => "quality",
            Self::Authority => "authority",
        }
    }

    pub(in crate::review) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|look| look.as_str() == name)
    }
}

/// A picture that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::review) struct Wanted {
    pub(in crate::review) slot: Slot,
    pub(in crate::review) object: ObjectId,
    pub(in crate::review) look: Option<Look>,
}

impl Wanted {
    /// What is asked for under `slot` with `query`: the object, and after `&for=` why.
    pub(in crate::review) fn parse(slot: &str, query: &str) -> Option<Self> {
        let (object, look) = match query.split_once("&for=") {
            Some((object, look)) => (object, Some(Look::parse(look)?)),
            None => (query, None),
        };
        Some(Self { slot: Slot::parse(slot)?, object: ObjectId::parse(object)?, look })
    }
}

/// Whether `visit` may look at the pictures of `case`, and at whose it is, where they say `look`.
pub(in crate::review) fn may_look(visit: &Visit<'_>, case: &Opened, look: Option<Look>) -> bool {
    let seat = visit.seat();
    (case.standpoint.decides() && case.is_claimed_by(&seat)) || (seat.powers.is_supervisor && look.is_some())
}

/// `GET`.
pub(in crate::review) async fn picture(visit: &Visit<'_>, number: u64, wanted: Wanted) -> Result<Answer, Refusal> {
    let case = visit.open(number).await?;
    let Wanted { slot, object, look } = wanted;
    let filled = case.dossier.sent().find(|filled| filled.slot == slot && filled.picture.object == object).copied();
    let filled = filled.filter(|_| may_look(visit, &case, look)).ok_or(Malformed::NotFound)?;
    let (keeper, tenant) = (visit.console.office.evidence.clone(), case.subject.tenant.clone());
    let opened = apart(move || Ok::<_, Refusal>(keeper.picture(&tenant, number, &filled))).await?;
    // What is wrong with it is ours to mend.
    let jpeg = opened.inspect_err(|error| Report::PhotoUnopened(error).tell()).map_err(|_| Malformed::NotFound)?;
    let sight = Sight::Case { number, slot: Some(slot), reason: look.map(Look::as_str) };
    visit.record(case.subject.tenant.clone(), Some(case.subject), sight).await?;
    Ok(jpeg::answer(Bytes::from_owner(jpeg)))
}

/// The slots of `case` whose pictures do not open, or are others than the case names.
pub(in crate::review) async fn damaged(visit: &Visit<'_>, case: &Opened) -> Result<Vec<Slot>, Refusal> {
    let (keeper, subject, dossier) =
        (visit.console.office.evidence.clone(), case.subject.clone(), case.dossier.clone());
    apart(move || keeper.damaged(&subject.tenant, &dossier).map_err(Malformed::from)).await
}

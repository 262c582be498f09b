//! Takes the events of versions before the chain into it, once: in the transaction of the migration that brought the chain.
//!
//! Never runs later: an event without a link is then one that this program did not write, and [`super::verify`] says so.

use entity::{audit_event, audit_head};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{HEAD, chain, chained};
use crate::store::{Source, StoreError, Tx};

/// How many events are in memory at once.
const PAGE: u64 = 1000;

/// Numbers all events from 1 in the order in which they were written, and chains them.
pub(in crate::store) async fn adopt(tx: &Tx) -> Result<(), StoreError> {
    let (mut after, mut events, mut previous) = (i64::MIN, 0, chain::BEFORE_THE_FIRST.to_owned());
    loop {
        let page = audit_event::Entity::find()
            .filter(audit_event::Column::Id.gt(after))
            .order_by_asc(audit_event::Column::Id)
            .limit(PAGE)
            .all(tx.on())
            .await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            let id = row.id;
            let row = chained(row, events + 1, &previous)?;
            (events, previous) = (row.id, row.link.clone().unwrap_or_default());
            // A number is never higher than the identifier that it replaces, so it is free.
            audit_event::Entity::update_many()
                .set(row.into_active_model().reset_all())
                .filter(audit_event::Column::Id.eq(id))
                .exec(tx.on())
                .await?;
        }
    }
    if events > 0 {
        let head = audit_head::ActiveModel { id: Set(HEAD), events: Set(events), link: Set(previous) };
        audit_head::Entity::insert(head).exec_without_returning(tx.on()).await?;
    }
    Ok(())
}

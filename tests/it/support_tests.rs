//! The harness itself: a test that leans on it should not have to doubt it.

use crate::support::{APPENDIX_B, MANAGER, Site, day, each_database, each_empty_database};

#[tokio::test]
async fn every_site_stands_at_7_december_2017_with_22_actions() {
    each_database(async |site| {
        assert_eq!(site.today(), day("2017-12-07"));
        assert_eq!(site.record().await.actions.len(), 22);
    })
    .await;
}

#[tokio::test]
async fn sites_do_not_see_each_other() {
    each_empty_database(async |site| {
        assert!(scrutiny_tracker::store::person::all(&site.cx.store).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn someone_signed_in_reaches_a_page_and_someone_else_is_sent_to_sign_in() {
    let site = Site::appendix_b().await;
    let path = format!("/plans/{APPENDIX_B}");
    let page = site.sign_in_as(MANAGER).await.get(&path).await;
    assert_eq!((page.status, &*page.path), (200, &*path));
    let page = site.browser().get(&path).await;
    assert!(page.path.starts_with("/demonstration?next="), "{}", page.path);
    let page = site.real().browser().get(&path).await;
    assert!(page.path.starts_with("/sign-in?next="), "{}", page.path);
}

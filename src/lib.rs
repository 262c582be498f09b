//! Scrutiny Tracker: scrutiny panels' recommendations and action plans as living data.
//!
//! This page is the architecture. What the product is for, and how to run it, is in `README.md`.
//!
//! # Floors
//!
//! | floor | holds | may use | never |
//! |---|---|---|---|
//! | [`domain`] | the rules: deadlines, ratings, rounds, merges, reminders, access | `std`, chrono, thiserror | anything else of ours; async; a clock |
//! | [`store`] | the database: rows into the domain's values and back | `domain`, `secret`, `entity`, `migration`, sea-orm | clock, web, mail |
//! | [`papers`] | the papers of a round as data, and as files for Word and Excel | `domain`, serde, quick-xml, zip, rust_xlsxwriter | store, clock, web; rules of its own |
//! | [`mail`] | messages as text, text as bytes, bytes to a mail server | `domain`, `link`, maud, lettre | store, axum |
//! | [`single_sign_on`] | the conversation with the council's directory (OpenID Connect) | openidconnect, tokio | anything else of ours; who somebody is here |
//! | [`command`] | one public function per thing that a person can do | `domain`, `store`, `papers`, `mail`, `single_sign_on`, `link`, `clock` | axum, sea-orm, `entity` |
//! | [`web`] | routes, forms, views, assets | `command`, the reads of `store`, `domain`, `papers`, `single_sign_on`, `link`, `clock`, `mail::reading` | sea-orm, `entity`, lettre, `worker` |
//! | [`worker`] | when mail goes out | `command`, mail transport, `clock`, `domain` | store, axum, web |
//!
//! Beside them: [`clock`] (the two times), [`link`] (addresses of pages), [`secret`] (tokens and passwords), [`private`]
//! (files that nobody else may open), [`seed`] (Appendix B), [`export`], [`connection`] (sockets, and how long they may keep
//! us waiting), and what starts it all: [`cli`], [`config`], [`serve`], [`demonstration`], [`telemetry`].
//! The same file name on every floor is where you expect it: an action is `domain/action.rs`, `store/action.rs`,
//! `command/action.rs`, `web/page/action.rs`. A test reads the `use` lines and holds the table.
//!
//! # One write, from start to finish
//!
//! `POST /actions/{id}/updates/new` → [`connection`] takes it in → [`web::guard`] hears it only if it is for our own address
//! and comes from a page of ours, finds out who is asking and whether they may open the route → the page
//! reads [`web::form::Fields`] (raw strings) into a draft, or finds *all* that is wrong and shows the form again (422) →
//! [`command::update::add`] begins a transaction, loads the plan's [`domain::plan::Record`], asks [`domain::access`], applies
//! the rule, saves, writes the history, commits → 303.
//!
//! Reads skip `command`: a page asks [`store::record`] for the record and hands it to the rules and then to a view, a
//! synchronous function from data to markup.
//!
//! # Decisions, and why
//!
//! - **One record, read whole.** A plan has tens of actions, at most a few hundred. [`store::record`] loads a plan with
//!   everything the rules need in fourteen statements whatever its size, and every page, export and mail works from that. So
//!   there is one answer to "where does this action stand", and *as at* an earlier day is an argument, not another query.
//! - **Judged, not stored.** Overdue, suggested ratings, counts and reminders are worked out from the record by
//!   [`domain::standing`] and [`domain::reminder`]; no column repeats them. What is stored twice (an action's current state,
//!   which update is its latest) is there so that reading the present needs no history, and is written in one place.
//! - **Two times.** *Office time* (deadlines, rounds, mail) and *machine time* (sessions, leases) are asked once per request
//!   from [`clock::Clock`]; the lint in `clippy.toml` bans asking the system anywhere else.
//! - **Published is a filter on the record.** Who may not read unpublished updates gets
//!   [`domain::plan::Record::published_at`] before anything is computed, so that no count can give away what is hidden.
//! - **A pack is kept as it was worded** ([`papers`]): sections, lists and cells, not what they were made from, so that no later
//!   rule or word of the program changes it. Closing a round freezes it (one that was closed without gets its pack when it
//!   is published or first read), its digest is in the history, and once the round is published nothing is read but what was
//!   kept. Page, Word and Excel are drawn from that one model.
//! - **Late is worked out** ([`domain::paper::late_for`]): from the day of closing to the day of the meeting. No update says of
//!   itself that it is late. It says when it was published in an addendum, which is somebody's decision
//!   ([`command::pack::publish_addendum`]).
//! - **What is put to a panel is worked out** ([`domain::agenda`]), never stored: what it defers or notes comes back by itself.
//! - **What waits for a manager, or is not for publication, is taken out of the record** ([`domain::access::readable`]) before
//!   anything is counted, like everything that a reader may not read.
//! - **Reminders are stages.** On any day an action has reached one stage, which is due until it has been sent: see
//!   [`domain::reminder`]. So catching up and running twice follow from the rules. What two machines at once and mail that could
//!   not go need besides is little: of several processes one queues a day ([`store::setting::raise`]), and it first takes back
//!   the digests of earlier days that were never tried ([`store::outbox::take_back_before`]).
//! - **Mail is queued with its cause** under a unique key, written when its turn has come (where no pace is kept, some at a time, and
//!   anew if they did not go out soon), kept as bytes once it was tried, and sent with a lease:
//!   see [`store::outbox`] and [`command::outbox`]. A crash can send one message again, with the same Message-ID, over several
//!   lines one a line; it can lose none. Such a message is uncertain ([`store::outbox::Message::uncertain`]): the server may have
//!   it. One whose senders stop over it again and again is tried up to five times in all; then it is given up, and the log says
//!   so.
//! - **Where no pace is kept, mail goes over several lines at once** ([`command::outbox::send_all`]): the end of each message is on
//!   the disk before the next goes over its line, and one statement ([`store::outbox::moving`]) records all that have ended
//!   meanwhile and claims the next, which were read ahead. So it is fast without a setting of the database under which
//!   a power cut would send mails twice.
//! - **What stops all mail is no fault of any message.** A wrong password, TLS trouble, a sender that is not taken and a server out
//!   of reach pause the queue ([`store::outbox::pause`]): it is tried with one message from time to time, and none grows old
//!   meanwhile. A refused address is the address's: it is marked, and what was not sent there is no cause used up.
//! - **Writers take turns** on both databases ([`store::Store::begin`]): a rule is asked about what was read, and what was
//!   read must still hold when it is written. Writing is short and rare; reading never waits. A statement that asks all of its
//!   rule itself needs no transaction round it.
//! - **The history is a chain** ([`store::audit`]): each event carries SHA-256 over the one before it, its facts and the
//!   digests of its texts, and the head is one row that whoever writes locks. So tampering shows, two writers can't fork it,
//!   and a leaver's name can be erased while everything else still verifies. It needs no key: who holds the database could
//!   write all of it anew, and is found by the record check that people noted down elsewhere.
//! - **The installation's settings are one document**, read at the start, after a save, and every half minute for what another
//!   process saved ([`store::installation`]); whoever asks ([`command::Cx::installation`]) costs no statement. The environment
//!   holds what belongs to the machine, and only fills a new document.
//! - **Words are put in by the sentence.** A sentence of ours that names the panel or the executive holds the usual word in
//!   braces, in the form that it needs, and [`domain::words::Words::say`] puts the installation's own in. It takes only what
//!   stands in the program, so no text of a person can change. A record carries its words, as the rules say their reasons.
//! - **Who may do what is one table as data** ([`domain::access::row`]), asked by commands, pages and the page that shows it.
//!   A route names what it asks for, or does not compile; and whoever loads a plan says for whom
//!   ([`store::record`]), so that what is out of somebody's scope was never there (404), not refused (403).
//! - **The guard frames pages.** A handler answers with a [`web::sheet::Sheet`], a page without what is the same on every
//!   page; the guard puts the reader's frame round it. So no handler knows of banners, and errors look like pages.
//! - **A round's link is no session.** It carries no rights: what its person can write on is worked out each time it is used
//!   ([`domain::round_link`]), so it ends by itself with the post, the plan or the round. Each mail has one of its own, so that no
//!   key lies anywhere from which they could be worked out ([`command::round_link`]).
//! - **A session says how far somebody is in.** After the password alone it awaits the second factor, and is nobody's on every
//!   page but one; the guard ([`web::visitor`]) sends it there. A code that is right begins a new session under a new token.
//! - **Who changes what lets people in has shown that it is they.** Such commands take a [`command::account::Confirmed`], which
//!   only its own file makes, so none can forget to ask.
//! - **Requests say where they come from.** No tokens in forms: browsers name the site that a form was sent from, and where
//!   neither that nor the page's origin is said, nothing is done, but for the one address that mail providers press: what
//!   authorises it is signed in the address ([`command::preference`]). Links are built from the settings alone; whoever asks for
//!   another host is sent away.
//! - **Tries are counted before they are made** ([`command::throttle`]), under hashes of what was typed, so that accounts that
//!   do not exist wait like those that do; and a browser that its owner has used is counted apart, so that nobody can lock
//!   anybody else out.
//! - **A form that outlives its session** ([`command::kept_form`]) comes back through its own handler, which is told only to
//!   show it; no form has to know.
//! - **Every wait has its limit** ([`connection`]): for a request's head, for its body and answer, for a client that does not
//!   read, for the last requests before a stop. axum's own server has none of them.
//! - **No script, no build step.** Pages work without JavaScript, so there is none; the stylesheet is one file that is
//!   compiled in.
//! - **A backup is lines of JSON** ([`store::backup`]), the same from both databases: it is also how a council moves from
//!   SQLite to PostgreSQL.
//! - **Measurements without a framework.** `benches/` prints medians and ratios in some hundred lines; a benchmark library
//!   would be compiled by everyone who runs the tests.

pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod connection;
pub mod demonstration;
pub mod domain;
pub mod export;
pub mod link;
pub mod mail;
pub mod papers;
pub mod private;
pub mod secret;
pub mod seed;
pub mod serve;
pub mod single_sign_on;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod worker;

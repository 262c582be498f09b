//! Tests of [`super`]: what a message looks like on the wire, and that no text can make it look otherwise.

use chrono::TimeZone;

use super::*;
use crate::mail::reading::{Letter, read};

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: address.to_owned() }
}

fn list(name: &str, id: &str) -> List {
    List { name: name.to_owned(), id: id.to_owned() }
}

fn digest() -> Outgoing {
    Outgoing {
        from: mailbox("Scrutiny Tracker", "tracker@council.example"),
        to: mailbox("MAP Coordinator", "map@council.example"),
        reply_to: vec![mailbox("Risk and Resilience Manager", "manager@council.example")],
        subject: "3 overdue, 2 due Wed 31 Jan – Digital safeguarding".to_owned(),
        plain: "Three actions are overdue.\n.\n\nFrom the plan.\n".to_owned(),
        html: "<!doctype html>\n<p>Three actions are overdue.</p>\n".to_owned(),
        message_id: "<outbox-17.4f2a@council.example>".to_owned(),
        date: Utc.with_ymd_and_hms(2017, 12, 7, 9, 0, 0).unwrap(),
        references: vec![],
        list: None,
        copied: vec![],
        unsubscribe: None,
    }
}

fn built(outgoing: &Outgoing) -> String {
    String::from_utf8(build(outgoing).unwrap()).unwrap()
}

fn letter(outgoing: &Outgoing) -> Letter {
    read(&build(outgoing).unwrap()).unwrap()
}

/// What holds for every message whatever is in it: ASCII, CRLF only, short lines, and exactly our headers.
fn assert_safe_on_the_wire(message: &str) {
    assert!(message.is_ascii());
    for line in message.split("\r\n") {
        assert!(line.len() <= 998, "a line of {} bytes", line.len());
        assert!(!line.contains(['\r', '\n', '\0']), "a bare control character in {line:?}");
    }
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let names: Vec<_> = head
        .split("\r\n")
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split_once(':').unwrap().0)
        .collect();
    let ours = [
        "Date",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(names, ours);
}

#[test]
fn a_message_is_exactly_these_bytes() {
    let expected = [
        "Date: Thu, 07 Dec 2017 09:00:00 +0000",
        "From: \"Scrutiny Tracker\" <tracker@council.example>",
        "To: \"MAP Coordinator\" <map@council.example>",
        "Reply-To: \"Risk and Resilience Manager\" <manager@council.example>",
        "Subject: 3 overdue, 2 due Wed 31 Jan =?utf-8?b?4oCT?= Digital safeguarding",
        "Message-ID: <outbox-17.4f2a@council.example>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative; boundary=\"=_outbox174f2acouncilexample\"",
        "",
        "--=_outbox174f2acouncilexample",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Three actions are overdue.",
        ".",
        "",
        "From the plan.",
        "",
        "--=_outbox174f2acouncilexample",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<!doctype html>",
        "<p>Three actions are overdue.</p>",
        "",
        "--=_outbox174f2acouncilexample--",
        "",
    ];
    assert_eq!(built(&digest()), expected.join("\r\n"));
}

#[test]
fn a_rebuild_is_byte_identical_and_another_message_is_not() {
    let again = digest();
    assert_eq!(built(&digest()), built(&again));
    let other = Outgoing { message_id: "<outbox-18@council.example>".to_owned(), ..digest() };
    assert_ne!(built(&digest()), built(&other));
}

#[test]
fn what_was_written_is_what_is_read_back() {
    let outgoing = Outgoing {
        plain: "Jürgen’s plan – 50 % done = half\r\n.\r\n..\rtrailing \n\u{1f44d} \t\nend".to_owned(),
        html: format!("<p>{}</p>", "a long line with é and no break ".repeat(80)),
        ..digest()
    };
    assert_safe_on_the_wire(&built(&outgoing));
    let letter = letter(&outgoing);
    assert_eq!(letter.plain, "Jürgen’s plan – 50 % done = half\n.\n..\ntrailing \n\u{1f44d} \t\nend");
    assert_eq!(letter.html, outgoing.html);
    assert_eq!(letter.header("subject"), Some(outgoing.subject.as_str()));
    assert_eq!(letter.header("bcc"), None);
}

#[test]
fn names_of_all_kinds_come_back_as_they_were() {
    for name in [
        "Jo O'Brien",
        "Smith, Jane (MAP)",
        "\"Jane\" \\ Smith",
        "Zoë Ångström",
        "李小龍",
        "👩‍👩‍👧 Family Hub 👍",
        "a@b <c@d.example>",
        "=?utf-8?q?hello?=",
        "9",
    ] {
        let outgoing = Outgoing { to: mailbox(name, "map@council.example"), ..digest() };
        assert_safe_on_the_wire(&built(&outgoing));
        let shown = letter(&outgoing).header("To").unwrap().to_owned();
        let shown = shown.strip_suffix(" <map@council.example>").unwrap();
        let unquoted = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let unescaped = unquoted.map(|text| text.replace("\\\"", "\"").replace("\\\\", "\\"));
        assert_eq!(unescaped.unwrap_or(shown.to_owned()), name);
    }
    let nameless = Outgoing { to: mailbox(" \n", "map@council.example"), ..digest() };
    assert_eq!(letter(&nameless).header("To"), Some("map@council.example"));
}

#[test]
fn an_answer_can_go_to_several() {
    let managers = ["first", "second"].map(|name| mailbox(name, &format!("{name}@council.example")));
    let outgoing = Outgoing { reply_to: managers.into(), ..digest() };
    let both = "first <first@council.example>, second <second@council.example>";
    assert_eq!(letter(&outgoing).header("Reply-To"), Some(both));
    assert_eq!(letter(&Outgoing { reply_to: vec![], ..digest() }).header("Reply-To"), None);
}

#[test]
fn no_text_can_add_a_header() {
    for break_in in ["\r\n", "\n", "\r", "\r\n\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\0"] {
        let evil = format!("Jane{break_in}Bcc: all@council.example");
        let outgoing = Outgoing {
            from: mailbox(&evil, "tracker@council.example"),
            to: mailbox(&evil, "map@council.example"),
            reply_to: vec![mailbox(&evil, "manager@council.example")],
            subject: evil.clone(),
            plain: evil.clone(),
            html: evil.clone(),
            ..digest()
        };
        assert_safe_on_the_wire(&built(&outgoing));
        assert_eq!(letter(&outgoing).header("Subject"), Some("Jane Bcc: all@council.example"));
    }
}

#[test]
fn every_character_is_safe_in_a_name_and_a_subject() {
    for c in (0..0x3000).chain(0x1f600..0x1f650).filter_map(char::from_u32) {
        let text = format!("a{c}b {c}");
        let outgoing = Outgoing { to: mailbox(&text, "map@council.example"), subject: text, ..digest() };
        assert_safe_on_the_wire(&built(&outgoing));
    }
}

#[test]
fn a_long_subject_is_folded_and_a_very_long_one_is_cut() {
    let long = format!("3 overdue – {}", "Digital safeguarding and résumé ".repeat(6).trim_end());
    let outgoing = Outgoing { subject: long.clone(), ..digest() };
    let message = built(&outgoing);
    assert_safe_on_the_wire(&message);
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    assert!(head.split("\r\n").all(|line| line.len() <= 78));
    assert_eq!(letter(&outgoing).header("Subject"), Some(long.as_str()));

    let endless = Outgoing { subject: "x".repeat(20_000), ..digest() };
    assert_safe_on_the_wire(&built(&endless));
    let cut = letter(&endless).header("Subject").unwrap().to_owned();
    assert_eq!(cut.chars().count(), LONGEST_HEADER_TEXT);
    assert!(cut.ends_with("x…"));
}

#[test]
fn a_typed_encoded_word_stays_what_was_typed() {
    let outgoing = Outgoing { subject: "=?utf-8?b?SGVsbG8=?=".to_owned(), ..digest() };
    assert!(built(&outgoing).contains("Subject: = ?utf-8?b?SGVsbG8= ?=\r\n"));
}

#[test]
fn references_and_list_id_stand_in_their_headers() {
    let outgoing = Outgoing {
        references: vec!["<outbox-1@council.example>".into(), "<outbox-9@council.example>".into()],
        list: Some(list("", "reminders.council.example")),
        ..digest()
    };
    let letter = letter(&outgoing);
    let references = "<outbox-1@council.example> <outbox-9@council.example>";
    assert_eq!(letter.header("References"), Some(references));
    assert_eq!(letter.header("List-Id"), Some("<reminders.council.example>"));
}

#[test]
fn a_list_has_a_name_that_people_see_whatever_is_in_it() {
    for (name, shown) in [
        ("Reminders, A council", "\"Reminders, A council\""),
        ("Reminders, Cyngor Tŷ\r\nBcc: x@y.example", "Reminders, Cyngor Tŷ Bcc: x@y.example"),
        ("The \"new\" council", "\"The \\\"new\\\" council\""),
    ] {
        let outgoing = Outgoing { list: Some(list(name, "reminders.council.example")), ..digest() };
        let message = built(&outgoing);
        assert!(message.is_ascii() && !message.contains("\r\nBcc:"), "{message}");
        let expected = format!("{shown} <reminders.council.example>");
        assert_eq!(letter(&outgoing).header("List-Id"), Some(expected.as_str()));
    }
    let long = Outgoing { list: Some(list(&"Zoë ".repeat(200), "reminders.council.example")), ..digest() };
    assert!(built(&long).split("\r\n").all(|line| line.len() <= 998));
    let message = built(&Outgoing { list: Some(list("Reminders, A council", "r.example")), ..digest() });
    assert!(message.contains("\r\nList-Id: \"Reminders, A council\" <r.example>\r\n"), "{message}");
}

#[test]
fn what_is_sent_again_says_the_same_as_a_message_of_its_own() {
    let outgoing = Outgoing { subject: "A subject – so long that it is folded, ".repeat(5), ..digest() };
    let at = Utc.with_ymd_and_hms(2018, 1, 8, 10, 0, 0).unwrap();
    let to = mailbox("Zoë", "new@council.example");
    let again = sent_again(&built(&outgoing), &to, "<another@council.example>", at).unwrap();
    assert!(again.is_ascii());
    let (first, again) = (letter(&outgoing), read(again.as_bytes()).unwrap());
    assert_eq!((&again.plain, &again.html), (&first.plain, &first.html));
    assert_eq!(again.header("Subject"), first.header("Subject"));
    assert_eq!(again.header("Message-ID"), Some("<another@council.example>"));
    assert_eq!(again.header("To"), Some("Zoë <new@council.example>"));
    assert_eq!(again.header("Date"), Some("Mon, 08 Jan 2018 10:00:00 +0000"));
    assert_eq!(again.headers.len(), first.headers.len());
}

#[test]
fn those_who_are_to_know_stand_in_cc() {
    let copied = vec![mailbox("Zoë", "z@council.example"), mailbox("", "y@council.example")];
    let letter = letter(&Outgoing { copied, ..digest() });
    assert_eq!(letter.header("Cc"), Some("Zoë <z@council.example>, y@council.example"));
    let wrong = Outgoing { copied: vec![mailbox("Jane", "a b@council.example")], ..digest() };
    assert_eq!(build(&wrong), Err(MessageError::Address("Cc")));
}

#[test]
fn a_mail_program_can_unsubscribe_with_one_post() {
    let address = "https://tracker.council.example/mail/0123456789abcdef0123456789abcdef/weekly";
    let message = built(&Outgoing { unsubscribe: Some(address.to_owned()), ..digest() });
    let expected =
        format!("\r\nList-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    assert!(message.contains(&expected), "{message}");
    for wrong in
        ["http://a.example/x", "mailto:a@b.example", "https://a.example/x y", "https://a.example/>\r\nX: y"]
    {
        let wrong = Outgoing { unsubscribe: Some(wrong.to_owned()), ..digest() };
        assert_eq!(build(&wrong), Err(MessageError::Identifier("List-Unsubscribe")));
    }
}

#[test]
fn an_address_that_could_say_more_than_an_address_is_refused() {
    for address in [
        "",
        "nobody",
        "a@b@c",
        "a b@council.example",
        "a@council.example\r\nBcc: x@council.example",
        "a@council.example>",
        "\"a\"@council.example",
        "zoë@council.example",
        "a@büro.example",
        "Jane <jane@council.example>",
        "a@council.example,b@council.example",
    ] {
        let outgoing = Outgoing { to: mailbox("Jane", address), ..digest() };
        assert_eq!(build(&outgoing), Err(MessageError::Address("To")), "{address:?}");
    }
    let fine = Outgoing { to: mailbox("Jo", "jo.o'brien+map@sub.council.example"), ..digest() };
    assert_safe_on_the_wire(&built(&fine));
}

#[test]
fn an_identifier_without_the_right_shape_is_refused() {
    for id in ["", "<>", "outbox-1@council.example", "<a b>", "<a>\r\nBcc: <b>", "<a><b>", "<é>"] {
        let wrong = Outgoing { message_id: id.to_owned(), ..digest() };
        assert_eq!(build(&wrong), Err(MessageError::Identifier("Message-ID")), "{id:?}");
        let wrong = Outgoing { references: vec![id.to_owned()], ..digest() };
        assert_eq!(build(&wrong), Err(MessageError::Identifier("References")), "{id:?}");
    }
    let wrong = Outgoing { list: Some(list("", "a\nb")), ..digest() };
    assert_eq!(build(&wrong), Err(MessageError::Identifier("List-Id")));
}

#[test]
fn example_domains_are_known_and_their_neighbours_are_not() {
    for reserved in [
        "map@example.org",
        "map@EXAMPLE.com",
        "map@example.net.",
        "a@b.c.example.org",
        "a@council.example",
        "a@x.test",
        "a@test",
        "a@invalid",
        "a@localhost",
        "a@host.localhost",
        " a@example.org ",
    ] {
        assert!(reserved_example_domain(reserved), "{reserved}");
    }
    for real in [
        "map@middlesbrough.gov.uk",
        "a@myexample.org",
        "a@example.co.uk",
        "a@example.org.uk",
        "a@example.gov.uk",
        "a@contest",
        "a@test.org",
        "example.org",
        "example@council.gov.uk",
        "",
    ] {
        assert!(!reserved_example_domain(real), "{real}");
    }
}

#[test]
fn what_is_not_ours_is_not_read() {
    for message in ["", "Subject: x\r\n\r\nhello", "Content-Type: text/plain\r\n\r\nhello"] {
        assert_eq!(read(message.as_bytes()), None);
    }
    assert_eq!(read(&[0xff, 0xfe]), None);
}

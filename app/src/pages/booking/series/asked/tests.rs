use super::*;

fn asked(date: &str) -> Asked {
    let times = DayTimes {
        date: date.to_owned(),
        from: "10:00".to_owned(),
        to: "11:00".to_owned(),
    };
    Asked::weekly(times, 6)
}

#[test]
fn a_series_is_told_in_words() {
    let mut asked = asked("2026-11-24");
    assert_eq!(asked.summary(), "Every week on Tuesday, 10:00–11:00");
    asked.every = 2;
    asked.turn_weekday(3);
    assert_eq!(
        asked.summary(),
        "Every 2 weeks on Tuesday and Thursday, 10:00–11:00"
    );
    asked.repeats = Repeats::MonthlyNth;
    asked.every = 1;
    assert_eq!(
        asked.summary(),
        "Every month on the fourth Tuesday, 10:00–11:00"
    );
    asked.repeats = Repeats::Daily;
    assert_eq!(asked.summary(), "Every day, 10:00–11:00");
}

#[test]
fn the_weekday_goes_along_with_the_first_day_unless_others_were_chosen() {
    let mut asked = asked("2026-11-24");
    let wednesday = DayTimes {
        date: "2026-11-25".to_owned(),
        ..asked.times.clone()
    };
    asked.set_times(wednesday);
    assert_eq!(asked.days, Weekdays(0b100));
    asked.turn_weekday(0);
    let friday = DayTimes {
        date: "2026-11-27".to_owned(),
        ..asked.times.clone()
    };
    asked.set_times(friday);
    assert_eq!(asked.days, Weekdays(0b101));
    asked.turn_weekday(0);
    asked.turn_weekday(2);
    assert_eq!(asked.days, Weekdays(0b100), "the last weekday stays");
}

#[test]
fn a_weekday_of_the_month_is_counted_or_the_last_one_as_its_first_day_has_it() {
    let series = |date: &str, repeats| {
        let mut asked = asked(date);
        asked.set_repeats(repeats);
        asked.series().unwrap().pattern
    };
    let days = Weekdays(0b10);
    assert_eq!(
        series("2026-11-24", Repeats::MonthlyNth),
        Pattern::MonthlyWeekday {
            days,
            nth: Nth::Number(4)
        }
    );
    let mut fifth = asked("2026-11-24");
    fifth.set_repeats(Repeats::MonthlyNth);
    let times = DayTimes {
        date: "2026-12-29".to_owned(),
        ..fifth.times.clone()
    };
    fifth.set_times(times);
    assert_eq!(fifth.repeats, Repeats::MonthlyLast);
    assert!(!Repeats::MonthlyLast.suits(fifth.first_day().unwrap() - 7));
}

#[test]
fn a_yearly_series_has_as_many_dates_as_can_be_booked_until_somebody_chooses_a_number() {
    let mut asked = asked("2026-11-24");
    asked.set_repeats(Repeats::Yearly);
    assert_eq!(asked.ends, Ends::After(2));
    assert_eq!(asked.series().unwrap().interval, 12);
    asked.ends = Ends::After(5);
    asked.set_repeats(Repeats::Weekly);
    assert_eq!(asked.ends, Ends::After(5));
}

#[test]
fn what_was_chosen_goes_to_the_dates_that_there_are() {
    let building = BuildingId(uuid::Uuid::nil());
    let catalogue = Catalogue {
        buildings: vec![booking::place::Building {
            id: building,
            name: "Harbour House".to_owned(),
            zone: ZoneName::utc(),
            floors: Vec::new(),
        }],
        building: Some(building),
        rooms: Vec::new(),
        // 2026-11-24T08:10:00Z
        now: booking::Instant(1_795_507_800_000),
        utc_offset_minutes: 0,
    };
    let mut asked = asked("2026-11-24");
    let gone = DateChoice::of(Some(RoomId(uuid::Uuid::nil())), None).unwrap();
    let noon = DayTimes {
        date: "2026-12-16".to_owned(),
        from: "12:00".to_owned(),
        to: "13:00".to_owned(),
    };
    let moved = DateChoice::of(None, Some(noon)).unwrap();
    asked.choices = [
        ("2026-12-01", DateChoice::LeftOut),
        // A Wednesday, and after the last date.
        ("2026-12-02", DateChoice::LeftOut),
        ("2027-12-01", DateChoice::LeftOut),
        ("2026-12-08", gone),
        ("2026-12-15", moved),
    ]
    .map(|(day, choice)| (day.to_owned(), choice))
    .into();
    let wish = asked.wish(&catalogue).unwrap();
    let numbers: Vec<u32> = wish.choices.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [2, 4]);
    assert_eq!(wish.choices[0].wanted, WishedFor::Skip);
    assert!(matches!(
        &wish.choices[1].wanted,
        WishedFor::Moved { when: When::Local { date, .. }, room: None } if date == "2026-12-16"
    ));
}

#[test]
fn fields_that_make_no_sense_are_no_series() {
    let mut asked = asked("2026-11-24");
    asked.times.to = "10:00".to_owned();
    assert_eq!(asked.series(), None);
    asked.times.to = "11:00".to_owned();
    asked.ends = Ends::On(String::new());
    assert_eq!(asked.series(), None);
}

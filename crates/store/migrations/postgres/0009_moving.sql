-- What of a change of time or room the calendar has not answered yet: JSON.
ALTER TABLE reservations ADD COLUMN moving TEXT;

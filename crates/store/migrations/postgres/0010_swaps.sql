-- What another room has to be like that is taken by itself if this one says no: JSON. Null: its person is asked.
ALTER TABLE reservations ADD COLUMN swap TEXT;

-- The account that the booking mailbox books as; null: it books by the application's permission.
ALTER TABLE connections ADD COLUMN service_account TEXT;

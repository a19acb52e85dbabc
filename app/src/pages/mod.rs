//! The surfaces: the portal, the Outlook pane, and a page that shows every component.

pub mod review;

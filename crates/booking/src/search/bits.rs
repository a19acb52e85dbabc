//! Sets of rooms, one bit a room, in the order of [`SearchIndex::rooms`](super::index::SearchIndex::rooms).

use std::ops::Range;

/// Rooms that one [`Block`] tells about.
const BLOCK_ROOMS: usize = BLOCK_WORDS * WORD_ROOMS;
const BLOCK_WORDS: usize = 8;
const WORD_ROOMS: usize = u64::BITS as usize;

/// As many bits as a cache line has. The fixed length lets the compiler use vector instructions
/// without a tail loop, and the alignment keeps each of their operands within a line. Aligned to whole
/// lines, slots are read a fiftieth quicker, but taking memory for a set costs more than that.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(align(16))]
pub(crate) struct Block([u64; BLOCK_WORDS]);

/// Blocks that a set over so many rooms needs.
pub(crate) const fn blocks_for(rooms: usize) -> usize {
    rooms.div_ceil(BLOCK_ROOMS)
}

/// The block that tells about the room at `position`.
pub(crate) const fn block_of(position: usize) -> usize {
    position / BLOCK_ROOMS
}

/// Whether the bit at `position` is set.
pub(crate) fn bit(blocks: &[Block], position: usize) -> bool {
    let (block, word, mask) = locate(position);
    blocks[block].0[word] & mask != 0
}

/// Sets the bit at `position`.
pub(crate) fn set_bit(blocks: &mut [Block], position: usize) {
    let (block, word, mask) = locate(position);
    blocks[block].0[word] |= mask;
}

/// Clears the bit at `position`.
pub(crate) fn clear_bit(blocks: &mut [Block], position: usize) {
    let (block, word, mask) = locate(position);
    blocks[block].0[word] &= !mask;
}

const fn locate(position: usize) -> (usize, usize, u64) {
    (
        position / BLOCK_ROOMS,
        position % BLOCK_ROOMS / WORD_ROOMS,
        1 << (position % WORD_ROOMS),
    )
}

/// Clears in `out` every bit that is set in any of `rows`, which lie behind one another and are
/// each as long as `out`.
///
/// Four rows are taken at once, so that `out` is loaded and stored once for the four of them.
pub(crate) fn clear_rows(out: &mut [Block], rows: &[Block]) {
    if out.is_empty() {
        return;
    }
    let mut fours = rows.chunks_exact(4 * out.len());
    for four in &mut fours {
        clear_some::<4>(out, four);
    }
    let rest = fours.remainder();
    match rest.len() / out.len() {
        3 => clear_some::<3>(out, rest),
        2 => clear_some::<2>(out, rest),
        1 => clear_some::<1>(out, rest),
        _ => {}
    }
}

fn clear_some<const ROWS: usize>(out: &mut [Block], rows: &[Block]) {
    let width = out.len();
    let rows: [&[Block]; ROWS] = std::array::from_fn(|row| &rows[row * width..][..width]);
    for (at, out) in out.iter_mut().enumerate() {
        for word in 0..BLOCK_WORDS {
            let taken = rows.iter().fold(0, |taken, row| taken | row[at].0[word]);
            out.0[word] &= !taken;
        }
    }
}

/// A set of rooms, by their positions in the index that made it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoomSet {
    blocks: Vec<Block>,
}

impl RoomSet {
    /// An empty set with place for so many rooms.
    pub fn for_rooms(rooms: usize) -> Self {
        Self {
            blocks: vec![Block::default(); blocks_for(rooms)],
        }
    }

    /// How many rooms are in it.
    pub fn count(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// How many rooms are in both.
    pub fn count_shared(&self, other: &Self) -> usize {
        self.words()
            .zip(other.words())
            .map(|(ours, theirs)| (ours & theirs).count_ones() as usize)
            .sum()
    }

    /// How many rooms are in both, if all rooms of one lie in these blocks.
    pub(crate) fn count_shared_within(&self, other: &Self, blocks: Range<usize>) -> usize {
        std::iter::zip(&self.blocks[blocks.clone()], &other.blocks[blocks])
            .flat_map(|(ours, theirs)| std::iter::zip(ours.0, theirs.0))
            .map(|(ours, theirs)| (ours & theirs).count_ones() as usize)
            .sum()
    }

    /// Whether no room is in it.
    pub fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    /// Whether the room at `position` is in it.
    pub fn contains(&self, position: usize) -> bool {
        position / BLOCK_ROOMS < self.blocks.len() && bit(&self.blocks, position)
    }

    /// The positions in it, in rising order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().flat_map(|(index, word)| {
            let rest = |word: u64| (word != 0).then_some(word);
            std::iter::successors(rest(word), move |word| rest(word & (word - 1)))
                .map(move |word| index * WORD_ROOMS + word.trailing_zeros() as usize)
        })
    }

    /// Adds the room at `position`.
    ///
    /// # Panics
    /// When the set has no place for it.
    pub fn insert(&mut self, position: usize) {
        set_bit(&mut self.blocks, position);
    }

    /// Takes the room at `position` out.
    ///
    /// # Panics
    /// When the set has no place for it.
    pub fn remove(&mut self, position: usize) {
        clear_bit(&mut self.blocks, position);
    }

    /// Takes every room out.
    pub fn clear(&mut self) {
        self.blocks.fill(Block::default());
    }

    /// Becomes equal to `other`, without new memory if it is as large already.
    pub fn copy_from(&mut self, other: &Self) {
        self.blocks.clone_from(&other.blocks);
    }

    /// Keeps only the rooms that are in `other` too.
    pub fn keep_shared(&mut self, other: &Self) {
        self.combine(other, |ours, theirs| ours & theirs);
    }

    /// Adds all rooms of `other`.
    pub fn add_all(&mut self, other: &Self) {
        self.combine(other, |ours, theirs| ours | theirs);
    }

    /// Takes all rooms of `other` out.
    pub fn remove_all(&mut self, other: &Self) {
        self.combine(other, |ours, theirs| ours & !theirs);
    }

    /// Bytes it keeps on the heap.
    pub fn memory_bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
    }

    pub(crate) fn blocks_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        self.blocks.iter().flat_map(|block| block.0)
    }

    fn combine(&mut self, other: &Self, join: impl Fn(u64, u64) -> u64) {
        for (ours, theirs) in self.blocks.iter_mut().zip(&other.blocks) {
            for word in 0..BLOCK_WORDS {
                ours.0[word] = join(ours.0[word], theirs.0[word]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in_in_rising_order() {
        let mut set = RoomSet::for_rooms(1_200);
        for position in [1_199, 0, 64, 63, 512, 511] {
            set.insert(position);
        }
        set.remove(64);
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [0, 63, 511, 512, 1_199],
            "positions across words and blocks"
        );
        assert_eq!(set.count(), 5);
        assert!(!set.contains(64) && !set.contains(1_000_000));
    }

    #[test]
    fn any_number_of_rows_clears_what_is_in_one_of_them() {
        for rows in 0..10 {
            let width = blocks_for(600);
            let mut table = vec![Block::default(); rows * width];
            for row in 0..rows {
                set_bit(&mut table[row * width..(row + 1) * width], row * 61);
            }
            let mut out = RoomSet::for_rooms(600);
            (0..600).for_each(|position| out.insert(position));
            clear_rows(out.blocks_mut(), &table);
            assert_eq!(out.count(), 600 - rows);
            assert!((0..rows).all(|row| !out.contains(row * 61)));
        }
    }
}

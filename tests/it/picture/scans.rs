//! What a scan's header says, and how the codes behind it are read: by photos of one block, written bit by bit.

use idv::picture::Refused;
use idv::picture::gate::admit;

use super::ANY;

const AVERAGE: u8 = 0x00;
const REST: u8 = 0x10;
/// No more in this block.
const END_OF_BLOCK: u8 = 0x00;

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker, high, low], content].concat()
}

/// A table whose codes are of four bits: `symbols` by their place.
fn table(target: u8, symbols: &[u8]) -> Vec<u8> {
    let mut counts = [0; 16];
    counts[3] = u8::try_from(symbols.len()).unwrap();
    segment(0xc4, &[&[target], counts.as_slice(), symbols].concat())
}

/// A scan of components, each by its name, of the coefficients `first` to `last`, from the bit `high` to the bit `low`.
fn scan(names: &[u8], [first, last, high, low]: [u8; 4], bits: &str) -> Vec<u8> {
    let count = u8::try_from(names.len()).unwrap();
    let components: Vec<_> = names.iter().flat_map(|name| [*name, 0]).collect();
    let header = segment(0xda, &[&[count], components.as_slice(), &[first, last, high << 4 | low]].concat());
    [header, written(bits)].concat()
}

/// `bits`, of which spaces are none, filled up with ones.
fn written(bits: &str) -> Vec<u8> {
    let bits: Vec<_> = bits.bytes().filter(|bit| *bit != b' ').collect();
    let byte = |bits: &[u8]| (0..8).fold(0, |byte, at| byte << 1 | u8::from(bits.get(at) != Some(&b'0')));
    bits.chunks(8).flat_map(|bits| if byte(bits) == 0xff { vec![0xff, 0] } else { vec![byte(bits)] }).collect()
}

/// What is wrong with a photo of one block in each of `components`, coded as `marker` says, of `segments`.
fn refusal(marker: u8, components: u8, segments: &[Vec<u8>]) -> Option<Refused> {
    let named: Vec<_> = (1..=components).flat_map(|name| [name, 0x11, 0]).collect();
    let frame = segment(marker, &[&[8, 0, 8, 0, 8, components], named.as_slice()].concat());
    let file = [&[0xff, 0xd8], frame.as_slice(), &segments.concat(), &[0xff, 0xd9], &[0; 64]].concat();
    admit(&file, &ANY).err()
}

/// What is wrong with a block of a sequential photo, whose symbols and bits are these.
fn of_block(averages: &[u8], rest: &[u8], bits: &str) -> Option<Refused> {
    let tables = [table(AVERAGE, averages), table(REST, rest)];
    refusal(0xc0, 1, &[tables.concat(), scan(&[1], [0, 63, 0, 0], bits)])
}

/// What is wrong with a progressive photo of one block that has these scans.
fn of_scans(scans: &[Vec<u8>]) -> Option<Refused> {
    // Averages of no bits; a coefficient of one bit, the end of a block, sixteen zeros, and the end of two or three.
    let tables = [table(AVERAGE, &[0]), table(REST, &[0x01, END_OF_BLOCK, 0xf0, 0x10])];
    refusal(0xc2, 1, &[tables.concat(), scans.concat()])
}

#[test]
fn an_average_has_at_most_15_bits() {
    assert_eq!(of_block(&[15], &[END_OF_BLOCK], "0000 010101010101010 0000"), None);
    assert_eq!(of_block(&[16], &[END_OF_BLOCK], "0000 0101010101010101 0000"), Some(Refused::Incomplete));
    assert_eq!(of_block(&[17], &[END_OF_BLOCK], "0000 01010101010101010 0000"), Some(Refused::Incomplete));
}

#[test]
fn a_block_has_64_coefficients() {
    // Three times sixteen zeros, then one coefficient behind 14 more, or behind 15.
    let symbols = [END_OF_BLOCK, 0xf0, 0xe1, 0xf1];
    assert_eq!(of_block(&[0], &symbols, "0000 0001 0001 0001 0010 1"), None);
    assert_eq!(of_block(&[0], &symbols, "0000 0001 0001 0001 0011 1"), Some(Refused::Incomplete));
    assert_eq!(of_block(&[0], &symbols, "0000 0001 0001 0001 0001"), Some(Refused::Incomplete));
    assert_eq!(of_block(&[0], &symbols, "0000 0001 0001 0001 0000"), None);
}

#[test]
fn a_scan_names_as_many_components_as_it_says_and_each_of_them_is_there() {
    let tables = [table(AVERAGE, &[0]), table(REST, &[END_OF_BLOCK])].concat();
    let named = |count: u8, names: &[u8]| {
        let components: Vec<_> = names.iter().flat_map(|name| [*name, 0]).collect();
        let header = segment(0xda, &[&[count], components.as_slice(), &[0, 63, 0]].concat());
        refusal(0xc0, 3, &[tables.clone(), header, written(&"0000 0000".repeat(names.len()))])
    };
    assert_eq!(named(3, &[1, 2, 3]), None);
    for (count, names) in
        [(1, [1, 2, 3].as_slice()), (2, &[1, 2, 3]), (3, &[1, 2]), (0, &[]), (4, &[1, 2, 3, 3]), (3, &[1, 2, 4])]
    {
        assert_eq!(named(count, names), Some(Refused::Incomplete), "{count} of {names:?}");
    }
}

#[test]
fn a_progressive_photo_comes_coarse_before_fine_bit_by_bit() {
    let (average, finer) = (scan(&[1], [0, 0, 0, 1], "0000"), scan(&[1], [0, 0, 1, 0], "1"));
    let (rest, finer_rest) = (scan(&[1], [1, 63, 0, 1], "0001"), scan(&[1], [1, 63, 1, 0], "0001"));
    assert_eq!(of_scans(&[average.clone(), finer.clone(), rest.clone(), finer_rest.clone()]), None);
    assert_eq!(of_scans(&[average.clone(), rest.clone(), finer_rest.clone(), finer.clone()]), None);
    for (scans, why) in [
        ([&rest, &average, &finer, &finer_rest], "the rest before the average"),
        ([&average, &rest, &rest, &finer], "the same twice"),
        ([&finer, &average, &rest, &finer_rest], "fine before coarse"),
    ] {
        assert_eq!(of_scans(&scans.map(Clone::clone)), Some(Refused::Incomplete), "{why}");
    }
    let from_two = scan(&[1], [0, 0, 0, 2], "0000");
    let two_at_once = scan(&[1], [0, 0, 2, 0], "1");
    let one_by_one = [scan(&[1], [0, 0, 2, 1], "1"), finer].concat();
    let rest = scan(&[1], [1, 63, 0, 0], "0001");
    assert_eq!(of_scans(&[from_two.clone(), one_by_one, rest.clone()]), None);
    assert_eq!(of_scans(&[from_two, two_at_once, rest]), Some(Refused::Incomplete));
}

#[test]
fn the_rest_of_a_progressive_photo_comes_by_component_and_ends_at_63() {
    let average = scan(&[1], [0, 0, 0, 0], "0000");
    let of = |first, last| of_scans(&[average.clone(), scan(&[1], [first, last, 0, 0], "0001")]);
    assert_eq!(of(1, 63), None);
    for (first, last) in [(1, 62), (2, 63), (1, 64), (1, 255), (63, 1), (64, 64), (0, 63), (0, 5)] {
        assert_eq!(of(first, last), Some(Refused::Incomplete), "{first} to {last}");
    }

    let tables = [table(AVERAGE, &[0]), table(REST, &[END_OF_BLOCK])].concat();
    let averages = scan(&[1, 2, 3], [0, 0, 0, 0], "0000 0000 0000");
    let apart = [1, 2, 3].map(|name| scan(&[name], [1, 63, 0, 0], "0000")).concat();
    assert_eq!(refusal(0xc2, 3, &[tables.clone(), averages.clone(), apart]), None);
    let together = scan(&[1, 2, 3], [1, 63, 0, 0], "0000 0000 0000");
    assert_eq!(refusal(0xc2, 3, &[tables, averages, together]), Some(Refused::Incomplete));
}

#[test]
fn codes_are_as_many_as_their_bits_have() {
    let with = |counts: [u8; 16], symbols: &[u8], bits: &str| {
        let rest = segment(0xc4, &[&[REST], counts.as_slice(), symbols].concat());
        refusal(0xc0, 1, &[table(AVERAGE, &[0]), rest, scan(&[1], [0, 63, 0, 0], bits)])
    };
    let of = |places: &[(usize, u8)]| {
        let mut counts = [0; 16];
        for (length, count) in places {
            counts[length - 1] = *count;
        }
        counts
    };
    // Of one bit there are two codes, and nothing is left for longer ones.
    assert_eq!(with(of(&[(1, 2)]), &[0xf0, END_OF_BLOCK], "0000 1"), None);
    assert_eq!(with(of(&[(1, 3)]), &[0xf0, 0xe1, END_OF_BLOCK], "0000 1"), Some(Refused::Incomplete));
    assert_eq!(with(of(&[(1, 2), (9, 1)]), &[0xf0, END_OF_BLOCK, 1], "0000 1"), Some(Refused::Incomplete));
    // Longer than what is looked up at once: of 9 bits, and of 16.
    assert_eq!(with(of(&[(1, 1), (9, 1)]), &[0xf0, END_OF_BLOCK], "0000 1 0000 0000"), None);
    assert_eq!(with(of(&[(1, 1), (16, 2)]), &[0xf0, 0xe1, END_OF_BLOCK], "0000 1000 0000 0000 0001"), None);
    assert_eq!(
        with(of(&[(1, 1), (16, 2)]), &[0xf0, 0xe1, END_OF_BLOCK], "0000 1000 0000 0000 0010"),
        Some(Refused::Incomplete)
    );
}

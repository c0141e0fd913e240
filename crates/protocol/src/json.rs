//! Reads JSON in one pass, straight into the types of this crate.
//!
//! For the dashboard alone: it reads a dozen types, and serde's readers, made anew for each, were an eighth of all
//! that goes over the wire. Here a type says which fields it has ([`read_object`]) and everything else is written
//! once, behind `dyn`. It takes what `serde_json` takes, and the tests hold the two against each other; the
//! server, to which bytes are nothing and strangers everything, stays with serde.

use std::borrow::Cow;

/// Not JSON, or not the JSON that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the JSON that was expected")
    }
}

impl std::error::Error for Malformed {}

/// Objects and arrays within each other, as many as `serde_json` follows.
const DEEPEST: u8 = 127;
/// The largest whole number below which every whole number is a double.
const EXACT: u64 = 1 << 53;

/// What can be read.
pub trait FromJson: Sized {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// Reads a whole text.
pub fn parse<T: FromJson>(text: &str) -> Result<T, Malformed> {
    let mut reader = Reader::new(text);
    let value = T::read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// A place in a text, before a value.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Nothing but blanks is left.
    pub fn end(&mut self) -> Result<(), Malformed> {
        if self.peek().is_none() { Ok(()) } else { Err(Malformed) }
    }

    /// Calls back with the name of each field, its value next.
    pub fn object(
        &mut self,
        field: &mut dyn FnMut(&str, &mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.within(b'{', b'}', &mut |reader| {
            let name = reader.string()?;
            reader.expect(b':')?;
            field(&name, reader)
        })
    }

    /// Calls back before each item.
    pub fn array(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.within(b'[', b']', item)
    }

    pub fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.expect(b'"')?;
        let start = self.at;
        let plain = self.rest().bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ');
        self.at += plain.ok_or(Malformed)?;
        let begin = &self.text[start..self.at];
        if self.next_byte()? == b'"' {
            return Ok(Cow::Borrowed(begin));
        }
        self.at -= 1;
        let mut whole = begin.to_owned();
        loop {
            let rest = self.rest();
            let plain = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let plain = plain.ok_or(Malformed)?;
            whole.push_str(&rest[..plain]);
            self.at += plain;
            match self.next_byte()? {
                b'"' => return Ok(Cow::Owned(whole)),
                b'\\' => whole.push(self.escape()?),
                _ => return Err(Malformed),
            }
        }
    }

    pub fn number(&mut self) -> Result<f64, Malformed> {
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let (mut digits, mut exponent) = (0_u64, 0_i32);
        let mut take = |digit: u8, after_point: bool| {
            // Of more digits than fit, only how many there are matters.
            match digits.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0'))) {
                Some(more) => {
                    digits = more;
                    exponent -= i32::from(after_point);
                }
                None => exponent += i32::from(!after_point),
            }
        };
        let before = self.digits(&mut |digit| take(digit, false));
        // No digits, or a zero before others.
        if before == 0 || before > 1 && self.text.as_bytes()[self.at - before] == b'0' {
            return Err(Malformed);
        }
        if self.follows(b'.') && self.digits(&mut |digit| take(digit, true)) == 0 {
            return Err(Malformed);
        }
        if self.follows(b'e') || self.follows(b'E') {
            let is_small = self.follows(b'-');
            if !is_small {
                self.follows(b'+');
            }
            let mut power = 0_i32;
            let raise = &mut |digit| power = power.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            if self.digits(raise) == 0 {
                return Err(Malformed);
            }
            exponent = exponent.saturating_add(if is_small { -power } else { power });
        }
        let value = scaled(digits, exponent);
        if value.is_finite() { Ok(if is_negative { -value } else { value }) } else { Err(Malformed) }
    }

    /// A whole number that is not negative.
    pub fn whole(&mut self) -> Result<u64, Malformed> {
        self.peek();
        let start = self.at;
        let value = self.number()?;
        let digits = &self.text[start..self.at];
        if value < EXACT as f64 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(value as u64)
        } else {
            digits.parse().map_err(|_| Malformed)
        }
    }

    pub fn flag(&mut self) -> Result<bool, Malformed> {
        if self.literal("true") {
            Ok(true)
        } else if self.literal("false") {
            Ok(false)
        } else {
            Err(Malformed)
        }
    }

    /// Takes a `null`, if that is what comes.
    pub fn null(&mut self) -> bool {
        self.literal("null")
    }

    /// Passes over any value.
    pub fn skip(&mut self) -> Result<(), Malformed> {
        match self.peek().ok_or(Malformed)? {
            b'{' => self.object(&mut |_, reader| reader.skip()),
            b'[' => self.array(&mut Self::skip),
            b'"' => self.string().map(drop),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            _ if self.null() => Ok(()),
            _ => self.flag().map(drop),
        }
    }

    /// Passes over any value, and gives back its text.
    pub fn raw(&mut self) -> Result<&'a str, Malformed> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Between two brackets, items with commas between them.
    fn within(
        &mut self,
        open: u8,
        close: u8,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.expect(open)?;
        if self.depth == DEEPEST {
            return Err(Malformed);
        }
        self.depth += 1;
        if self.peek() == Some(close) {
            self.at += 1;
        } else {
            loop {
                item(self)?;
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(byte) if byte == close => break self.at += 1,
                    _ => return Err(Malformed),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, Malformed> {
        Ok(match self.next_byte()? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'u' => {
                let first = self.four_digits()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or(Malformed);
                }
                // The first of two.
                if self.next_byte()? != b'\\' || self.next_byte()? != b'u' {
                    return Err(Malformed);
                }
                let second = self.four_digits()?;
                if !(0xdc00..0xe000).contains(&second) {
                    return Err(Malformed);
                }
                let both = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                char::from_u32(both).ok_or(Malformed)?
            }
            _ => return Err(Malformed),
        })
    }

    fn four_digits(&mut self) -> Result<u32, Malformed> {
        (0..4).try_fold(0, |number, _| {
            let digit = char::from(self.next_byte()?).to_digit(16).ok_or(Malformed)?;
            Ok(number << 4 | digit)
        })
    }

    /// Takes digits, and says how many.
    fn digits(&mut self, take: &mut dyn FnMut(u8)) -> usize {
        let start = self.at;
        while let Some(digit) = self.text.as_bytes().get(self.at).filter(|byte| byte.is_ascii_digit()) {
            take(*digit);
            self.at += 1;
        }
        self.at - start
    }

    /// Takes the byte, if it is the very next.
    fn follows(&mut self, byte: u8) -> bool {
        let is_there = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn literal(&mut self, word: &str) -> bool {
        self.peek();
        let is_there = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// The next byte that is no blank; it stays.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
        None
    }

    fn next_byte(&mut self) -> Result<u8, Malformed> {
        let byte = self.text.as_bytes().get(self.at).ok_or(Malformed)?;
        self.at += 1;
        Ok(*byte)
    }

    /// Only called between characters.
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }
}

/// `digits` times ten to the `exponent`. Exact for up to fifteen digits and exponents up to 22 (both factors are
/// doubles then, and one operation rounds once); of others the last digit may be off, which no value here has.
fn scaled(digits: u64, exponent: i32) -> f64 {
    const TENS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    let (mut value, mut left) = (digits as f64, exponent);
    while left != 0 && value != 0.0 && value.is_finite() {
        let step = left.unsigned_abs().min(22);
        let ten = TENS[step as usize];
        if left < 0 {
            value /= ten;
            left += step.cast_signed();
        } else {
            value *= ten;
            left -= step.cast_signed();
        }
    }
    value
}

impl FromJson for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.string().map(Cow::into_owned)
    }
}

impl FromJson for f64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.number()
    }
}

impl FromJson for u64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.whole()
    }
}

impl FromJson for u16 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::try_from(reader.whole()?).map_err(|_| Malformed)
    }
}

impl FromJson for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        reader.flag()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if reader.null() { Ok(None) } else { T::read(reader).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut items = Self::new();
        reader.array(&mut |reader| {
            items.push(T::read(reader)?);
            Ok(())
        })?;
        Ok(items)
    }
}

/// Reads a struct from an object: its fields by their names there. A field that may be missing says what it is
/// then; fields of other names are passed over.
#[macro_export]
macro_rules! read_object {
    ($name:ident { $($field:ident = $key:literal $(or $default:expr)?),+ $(,)? }) => {
        impl $crate::json::FromJson for $name {
            fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::Malformed> {
                $(let mut $field = None;)+
                reader.object(&mut |key, reader| {
                    match key {
                        $($key => $field = Some($crate::json::FromJson::read(reader)?),)+
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
                Ok(Self { $($field: $crate::read_object!(@field $field $($default)?)),+ })
            }
        }
    };
    (@field $field:ident) => { $field.ok_or($crate::json::Malformed)? };
    (@field $field:ident $default:expr) => { $field.unwrap_or($default) };
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;

//! Element names and what HTML says about each.

/// An element name that the algorithm knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub(crate) enum Tag {
    /// Any other element, told apart by the hash of its name.
    #[default]
    Other,
    A,
    Abbr,
    Acronym,
    Address,
    Applet,
    Area,
    Article,
    Aside,
    Audio,
    B,
    Base,
    Bdi,
    Bdo,
    Big,
    Blockquote,
    Body,
    Br,
    Button,
    Canvas,
    Caption,
    Center,
    Cite,
    Code,
    Col,
    Colgroup,
    Data,
    Datalist,
    Dd,
    Del,
    Details,
    Dfn,
    Dialog,
    Dir,
    Div,
    Dl,
    Dt,
    Em,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Font,
    Footer,
    Form,
    Frame,
    Frameset,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hgroup,
    Hr,
    Html,
    I,
    Iframe,
    Img,
    Input,
    Ins,
    Kbd,
    Label,
    Legend,
    Li,
    Link,
    Main,
    Map,
    Mark,
    Math,
    Menu,
    Meta,
    Meter,
    Nav,
    Noembed,
    Noframes,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    Output,
    P,
    Param,
    Picture,
    Plaintext,
    Pre,
    Progress,
    Q,
    Rp,
    Rt,
    Ruby,
    S,
    Samp,
    Script,
    Search,
    Section,
    Select,
    Slot,
    Small,
    Source,
    Span,
    Strike,
    Strong,
    Style,
    Sub,
    Summary,
    Sup,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Track,
    Tt,
    U,
    Ul,
    Var,
    Video,
    Wbr,
    Xmp,
}

/// Packs up to 16 bytes of a name, in lower case, into one number: comparing names is then comparing numbers.
pub(crate) const fn pack(name: &[u8]) -> u128 {
    if name.len() > 16 {
        return 0;
    }
    let mut packed = 0;
    let mut rest = name;
    while let [first, tail @ ..] = rest {
        packed = packed << 8 | first.to_ascii_lowercase() as u128;
        rest = tail;
    }
    packed
}

macro_rules! names {
    ($($tag:ident = $name:literal),* $(,)?) => {
        #[expect(non_upper_case_globals, reason = "each constant is named as its element")]
        fn named(packed: u128) -> Tag {
            $(const $tag: u128 = pack($name);)*
            match packed { $($tag => Tag::$tag,)* _ => Tag::Other }
        }
        impl Tag {
            /// The name in lower case; empty for [`Tag::Other`].
            pub(crate) const fn name(self) -> &'static [u8] {
                match self { $(Self::$tag => $name,)* Self::Other => b"" }
            }
        }
    };
}

names! {
    A = b"a", Abbr = b"abbr", Acronym = b"acronym", Address = b"address", Applet = b"applet",
    Area = b"area", Article = b"article", Aside = b"aside", Audio = b"audio", B = b"b", Base = b"base",
    Bdi = b"bdi", Bdo = b"bdo", Big = b"big", Blockquote = b"blockquote", Body = b"body", Br = b"br",
    Button = b"button", Canvas = b"canvas", Caption = b"caption", Center = b"center", Cite = b"cite",
    Code = b"code", Col = b"col", Colgroup = b"colgroup", Data = b"data", Datalist = b"datalist",
    Dd = b"dd", Del = b"del", Details = b"details", Dfn = b"dfn", Dialog = b"dialog", Dir = b"dir",
    Div = b"div", Dl = b"dl", Dt = b"dt", Em = b"em", Embed = b"embed", Fieldset = b"fieldset",
    Figcaption = b"figcaption", Figure = b"figure", Font = b"font", Footer = b"footer", Form = b"form",
    Frame = b"frame", Frameset = b"frameset", H1 = b"h1", H2 = b"h2", H3 = b"h3", H4 = b"h4", H5 = b"h5",
    H6 = b"h6", Head = b"head", Header = b"header", Hgroup = b"hgroup", Hr = b"hr", Html = b"html",
    I = b"i", Iframe = b"iframe", Img = b"img", Input = b"input", Ins = b"ins", Kbd = b"kbd",
    Label = b"label", Legend = b"legend", Li = b"li", Link = b"link", Main = b"main", Map = b"map",
    Mark = b"mark", Math = b"math", Menu = b"menu", Meta = b"meta", Meter = b"meter", Nav = b"nav",
    Noembed = b"noembed", Noframes = b"noframes", Noscript = b"noscript", Object = b"object", Ol = b"ol",
    Optgroup = b"optgroup", Option = b"option", Output = b"output", P = b"p", Param = b"param",
    Picture = b"picture", Plaintext = b"plaintext", Pre = b"pre", Progress = b"progress", Q = b"q",
    Rp = b"rp", Rt = b"rt", Ruby = b"ruby", S = b"s", Samp = b"samp", Script = b"script",
    Search = b"search", Section = b"section", Select = b"select", Slot = b"slot", Small = b"small",
    Source = b"source", Span = b"span", Strike = b"strike", Strong = b"strong", Style = b"style",
    Sub = b"sub", Summary = b"summary", Sup = b"sup", Svg = b"svg", Table = b"table", Tbody = b"tbody",
    Td = b"td", Template = b"template", Textarea = b"textarea", Tfoot = b"tfoot", Th = b"th",
    Thead = b"thead", Time = b"time", Title = b"title", Tr = b"tr", Track = b"track", Tt = b"tt", U = b"u",
    Ul = b"ul", Var = b"var", Video = b"video", Wbr = b"wbr", Xmp = b"xmp",
}

impl Tag {
    /// The tag of this name, and the hash of the name (FNV-1a over its lower-case bytes).
    pub(crate) fn of(name: &[u8]) -> (Self, u32) {
        let tag = named(pack(name));
        let hash = match tag {
            Self::Other => name.iter().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
            }),
            known => known as u32,
        };
        (tag, hash)
    }

    /// Has no content and no end tag.
    pub(crate) fn is_void(self) -> bool {
        use Tag::{Area, Base, Br, Col, Embed, Frame, Hr, Img, Input, Link, Meta, Param, Source, Track, Wbr};
        matches!(
            self,
            Area | Base
                | Br
                | Col
                | Embed
                | Frame
                | Hr
                | Img
                | Input
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Holds text that is never rendered and that the scanner reads as one token.
    pub(crate) fn is_raw(self) -> bool {
        use Tag::{Iframe, Noembed, Noframes, Noscript, Script, Style, Title};
        matches!(self, Iframe | Noembed | Noframes | Noscript | Script | Style | Title)
    }

    /// Changes how characters look and nothing else: its tags are markup inside a paragraph, never evidence.
    pub(crate) fn is_formatting(self) -> bool {
        use Tag::{
            Abbr, Acronym, B, Bdi, Bdo, Big, Cite, Data, Del, Dfn, Em, Font, I, Ins, Kbd, Mark, Output, Q,
            Rp, Rt, Ruby, S, Samp, Small, Strike, Strong, Sub, Sup, Tt, U, Var, Wbr,
        };
        matches!(
            self,
            Abbr | Acronym
                | B
                | Bdi
                | Bdo
                | Big
                | Cite
                | Data
                | Del
                | Dfn
                | Em
                | Font
                | I
                | Ins
                | Kbd
                | Mark
                | Output
                | Q
                | Rp
                | Rt
                | Ruby
                | S
                | Samp
                | Small
                | Strike
                | Strong
                | Sub
                | Sup
                | Tt
                | U
                | Var
                | Wbr
        )
    }

    /// Stands inside a line of text: its start and end break no paragraph.
    pub(crate) fn is_inline(self) -> bool {
        use Tag::{
            A, Applet, Area, Audio, Canvas, Code, Embed, Iframe, Img, Input, Label, Link, Map, Math, Meta,
            Meter, Noscript, Object, Param, Picture, Progress, Script, Slot, Source, Span, Style, Svg,
            Template, Time, Track, Video,
        };
        self.is_formatting()
            || matches!(
                self,
                A | Audio
                    | Canvas
                    | Code
                    | Embed
                    | Img
                    | Input
                    | Map
                    | Math
                    | Meter
                    | Object
                    | Picture
                    | Progress
                    | Slot
                    | Span
                    | Svg
                    | Time
                    | Video
                    | Label
                    | Applet
                    | Area
                    | Iframe
                    | Link
                    | Meta
                    | Param
                    | Script
                    | Source
                    | Style
                    | Template
                    | Track
                    | Noscript
            )
    }

    /// A heading of any rank.
    pub(crate) fn is_heading(self) -> bool {
        use Tag::{H1, H2, H3, H4, H5, H6};
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// An end tag does not reach beyond such an element.
    pub(crate) fn is_scope(self) -> bool {
        use Tag::{Applet, Caption, Html, Object, Table, Td, Template, Th};
        matches!(self, Applet | Caption | Html | Object | Table | Td | Template | Th)
    }

    /// Part of the grid of a table.
    pub(crate) fn is_table_part(self) -> bool {
        use Tag::{Caption, Table, Tbody, Td, Tfoot, Th, Thead, Tr};
        matches!(self, Caption | Table | Tbody | Td | Tfoot | Th | Thead | Tr)
    }
}

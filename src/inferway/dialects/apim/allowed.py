"""What API Management lets expressions name beyond what is served here: tells a policy's mistake from a gap of ours.

Source: API Management, "API Management policy expressions" (https://learn.microsoft.com/azure/api-management/
api-management-policy-expressions), the table of .NET Framework types and the one of the context variable; "Get
authorization context" for `Authorization`. Members of types that the page allows as a whole are those of .NET.
"""

from typing import Final

from inferway.languages.csharp import Missing

_NAMED: Final = """
    Array AsymmetricAlgorithm BitConverter CipherMode Convert DateTime DateTimeKind DateTimeOffset Dictionary Encoding
    Enumerable Exception Extensions Formatting Guid HMAC HMACMD5 HMACSHA1 HMACSHA256 HMACSHA384 HMACSHA512 HashAlgorithm
    HashAlgorithmName HashSet ICollection IDictionary IEnumerable IEnumerator IList IPAddress IReadOnlyCollection
    IReadOnlyDictionary ISet JArray JConstructor JContainer JObject JProperty JRaw JToken JTokenType JValue JsonConvert
    KeyValuePair KeyedHashAlgorithm List MD5 Math MidpointRounding Nullable Oid PaddingMode PublicKey Queue
    RNGCryptoServiceProvider RSA RSACertificateExtensions RSAEncryptionPadding RSASignaturePadding Random Regex
    RegexOptions SHA1 SHA1Managed SHA256 SHA256Managed SHA384 SHA384Managed SHA512 SHA512Managed Stack StringBuilder
    StringComparer StringComparison StringReader StringSplitOptions StringWriter SymmetricAlgorithm TimeSpan TimeZone
    TimeZoneInfo AdjustmentRule TransitionTime Tuple Uri UriPartial WebUtility X500DistinguishedName X509Certificate
    X509Certificate2 X509ContentType X509NameType XAttribute XCData XComment XContainer XDeclaration XDocument
    XDocumentType XElement XName XNamespace XNode XNodeDocumentOrderComparer XNodeEqualityComparer XObject
    XProcessingInstruction XText XmlNodeType
    Capture CaptureCollection Group GroupCollection Match
    bool byte char decimal double short int long sbyte float string ushort uint ulong
"""
_OF_CONTEXT: Final = """
    Authorization BasicAuthCredentials Jwt IApi IGroup IMessageBody IOperation IPrivateEndpointConnection IProduct
    IRequest IResponse ISubscription ISubscriptionKeyParameterNames IUrl IUser IUserIdentity ProductState
"""
TYPES: Final = frozenset((_NAMED + _OF_CONTEXT).split())
"""The types that expressions may name, by their short names, as C# writes them."""

_OWN: Final = "AsBasic AsJwt TryParseBasic TryParseJwt Encrypt Decrypt VerifyNoRevocation"
_OF_LISTS: Final = "Cast GroupJoin OfType SkipLast TakeLast ToLookup"
_EXTENSIONS: Final = frozenset(f"{_OWN} {_OF_LISTS} ReferenceEquals".split())
_WHOLE: Final = "bool byte sbyte short ushort int uint long ulong"
_NUMBERS: Final = "GetTypeCode"
_TREE: Final = (
    "AddAfterSelf AddAnnotation AddBeforeSelf AfterSelf Ancestors AncestorsAndSelf Annotation Annotations BeforeSelf "
    "CreateReader CreateWriter DescendantsAndSelf Load Next Previous ReadFrom RemoveAnnotations WriteTo"
)
_CONTAINER: Final = f"{_TREE} Add AddFirst RemoveAll ReplaceAll"
_MEMBERS: Final[dict[str, frozenset[str]]] = {
    name: frozenset(members.split())
    for name, members in {
        "IProxyRequestContext": "GraphQL Workspace",
        "IApi": "Protocols ServiceUrl SubscriptionKeyParameterNames",
        "IDeployment": "Certificates Gateway",
        "IProduct": "Apis ApprovalRequired Groups State SubscriptionLimit",
        "IRequest": "Certificate PrivateEndpointConnection",
        "ISubscription": "CreatedDate EndDate PrimaryKey SecondaryKey StartDate",
        "IUser": "Groups Identities RegistrationDate",
        "DateTime": "IsDaylightSavingTime",
        "Regex": "Unescape",
        "Match": "Empty Result",
        "Group": "Captures",
        "JToken": _TREE,
        "JValue": f"{_TREE} CompareTo CreateComment CreateUndefined",
        "JContainer": _CONTAINER,
        "JObject": f"{_CONTAINER} GetEnumerator",
        "JArray": f"{_CONTAINER} CopyTo GetEnumerator IsReadOnly",
        "JProperty": _CONTAINER,
        "Array": (
            "AsReadOnly BinarySearch Clear Clone ConvertAll Copy CopyTo CreateInstance Fill FindIndex FindLast "
            "FindLastIndex ForEach GetEnumerator GetLength GetLongLength GetLowerBound GetUpperBound GetValue "
            "IsFixedSize IsReadOnly LastIndexOf LongLength Rank Resize SetValue TrueForAll"
        ),
        "[]": "Clone CopyTo GetEnumerator GetLength GetLowerBound GetUpperBound GetValue LongLength Rank SetValue",
        "BitConverter": (
            "DoubleToInt64Bits Int32BitsToSingle Int64BitsToDouble IsLittleEndian SingleToInt32Bits ToBoolean ToChar "
            "ToDouble ToInt16 ToSingle ToUInt16 ToUInt32 ToUInt64"
        ),
        "char": (
            "ConvertFromUtf32 ConvertToUtf32 GetUnicodeCategory IsHighSurrogate IsLowSurrogate IsSeparator IsSurrogate "
            "IsSurrogatePair MaxValue MinValue TryParse"
        ),
        "Dictionary": "Comparer EnsureCapacity GetEnumerator TrimExcess TryAdd",
        "HashSet": (
            "Clear Comparer CopyTo CreateSetComparer ExceptWith GetEnumerator IntersectWith IsProperSubsetOf "
            "IsProperSupersetOf IsSubsetOf IsSupersetOf Overlaps RemoveWhere SetEquals SymmetricExceptWith TrimExcess "
            "TryGetValue UnionWith"
        ),
        "ICollection": "Clear CopyTo IsReadOnly Remove",
        "IEnumerable": "GetEnumerator",
        "IList": "IndexOf Insert RemoveAt",
        "KeyValuePair": "Deconstruct",
        "List": (
            "AsReadOnly BinarySearch Capacity ConvertAll CopyTo FindIndex FindLast FindLastIndex GetEnumerator "
            "InsertRange LastIndexOf RemoveRange TrimExcess"
        ),
        "Convert": "ChangeType DBNull FromBase64CharArray GetTypeCode IsDBNull ToBase64CharArray ToSByte",
        "DateTimeOffset": "EqualsExact FromFileTime ToFileTime TryParseExact UnixEpoch",
        "decimal": (
            "Add Ceiling Compare Divide Floor FromOACurrency GetBits MinusOne Multiply Negate Remainder Round Subtract "
            "ToByte ToDouble ToInt16 ToInt32 ToInt64 ToOACurrency ToSByte ToSingle ToUInt16 ToUInt32 ToUInt64 Truncate"
        ),
        "double": "IsFinite IsNegative IsNegativeInfinity IsNormal IsPositiveInfinity IsSubnormal",
        "float": (
            "Epsilon IsFinite IsInfinity IsNaN IsNegative IsNegativeInfinity IsNormal IsPositiveInfinity IsSubnormal "
            "MaxValue MinValue NaN NegativeInfinity PositiveInfinity"
        ),
        "Exception": "Data HResult HelpLink TargetSite",
        "Guid": "CompareTo ParseExact TryParseExact",
        "Math": "Acos Acosh Asin Asinh Atan Atanh BigMul Cbrt Cosh DivRem IEEERemainder Sinh Tanh",
        "WebUtility": "UrlDecodeToBytes UrlEncodeToBytes",
        "Random": "NextBytes",
        "string": (
            "Chars Clone CopyTo GetEnumerator GetTypeCode Intern IsInterned IsNormalized LastIndexOfAny Normalize"
        ),
        "StringComparer": "Compare Create CurrentCulture CurrentCultureIgnoreCase FromComparison",
        "Encoding": (
            "BodyName Clone CodePage Convert Default EncodingName GetByteCount GetCharCount GetChars GetDecoder "
            "GetEncoder GetEncoding GetEncodings GetMaxByteCount GetMaxCharCount GetPreamble HeaderName IsSingleByte "
            "UTF7 WebName WindowsCodePage"
        ),
        "StringBuilder": "AppendJoin Capacity Chars CopyTo EnsureCapacity MaxCapacity",
        "TimeSpan": (
            "Compare Divide MinValue Multiply ParseExact TicksPerDay TicksPerHour TicksPerMillisecond TicksPerMinute "
            "TicksPerSecond TryParseExact"
        ),
        "Uri": (
            "CheckHostName CheckSchemeName Compare DnsSafeHost FromHex GetComponents HexEscape HexUnescape "
            "HostNameType IdnHost IsBaseOf IsDefaultPort IsFile IsHexDigit IsHexEncoding IsLoopback IsUnc "
            "IsWellFormedOriginalString MakeRelative MakeRelativeUri "
            "SchemeDelimiter UriSchemeFile UriSchemeFtp UriSchemeHttp UriSchemeHttps "
            "UriSchemeMailto UserEscaped"
        ),
        **dict.fromkeys(_WHOLE.split(), _NUMBERS),
    }.items()
}
"""What those types have beyond the members served here."""


def allows(missing: Missing) -> bool:
    """Say whether the service takes what there is none of here.

    Constructs of the language it takes all. Whether a call fits one of .NET's overloads is not known here: it is taken
    to.
    """
    if not missing.type or missing.overload:
        return True
    if not missing.member:
        return any(part in TYPES for part in missing.type.split("."))
    if missing.member == "new":
        return missing.type in _NAMED.split()
    return missing.member in _MEMBERS.get(missing.type, ()) or missing.member in _EXTENSIONS

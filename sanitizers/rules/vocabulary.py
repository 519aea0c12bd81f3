"""The vocabulary: which words in a name announce which kind of value, in several languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from sanitizers.words import words

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_LONGEST_NAME: Final = 96

# Words joined; the end of a name is looked up, so `userEmailAddress` is an address and `emailTemplate` is not.
_ANNOUNCES: Final[dict[str, str]] = {
    "password": """password passwd passwort pwd pass passphrase passcode kennwort contrasena senha motdepasse mdp
        wachtwoord haslo losenord losen parola sifre salasana adgangskode passord passwordhash heslo
        jelszo пароль 密码 密碼 パスワード 비밀번호 userpass dbpass pswd passwrd pword unlockcode""",
    "secret": """secret clientsecret sharedsecret appsecret consumersecret secretkey secretaccesskey apikey apikeys
        xapikey subscriptionkey accesskey accesskeyid awsaccesskeyid privatekey signingkey
        encryptionkey masterkey accountkey storagekey functionskey functionkey authkey
        authorizationkey hmackey licensekey licencekey serverkey sharedaccesskey sharedkey
        credential credentials connectionstring dsn webhooksecret otpsecret totpsecret seedphrase
        mnemonic recoverycode recoverycodes backupcode backupcodes clientassertion assertion
        samlresponse samlassertion codeverifier deploykey secretstring servicekey apisecret
        keymaterial securityanswer clientkey instrumentationkey ikey writekey sdkkey geheimnis
        segredo secreto""",
    "token": """token accesstoken refreshtoken idtoken authtoken bearertoken sessiontoken csrftoken xsrftoken
        apitoken securitytoken usertoken devicetoken pushtoken registrationtoken jwt csrf xsrf
        csrfmiddlewaretoken requesttoken jeton authenticitytoken requestverificationtoken oauthtoken
        oauthverifier authorizationcode authcode magiclink ticket invitetoken resettoken logintoken
        xcsrf nonceauth bearer accessjwt refreshjwt""",
    "session": "sessionid sessid session phpsessid jsessionid aspsessionid sid sessionkey asp.netsessionid authsession",
    "signature": "signature sig hmac hmacsha256 xamzsignature xgoogsignature",
    "otp": """otp totp hotp otpcode pin pincode mfacode mfatoken twofactorcode 2facode twofacode verificationcode
        smscode onetimepassword onetimecode confirmationcode securitycode tan""",
    "cvv": "cvv cvc cvv2 cvc2 csc cardcvv cardcvc cardsecuritycode cardverificationcode cardcode",
    "card": """cardnumber cardno ccnumber ccnum creditcard creditcardnumber debitcardnumber pan
        primaryaccountnumber kartennummer numerodetarjeta numerotarjeta numerocarte
        paymentcardnumber creditcardno cc""",
    "account": """iban accountnumber bankaccountnumber accountno acctnumber acctno bankaccount kontonummer kontonr
        numerodecuenta routingnumber sortcode clabe bban cuentabancaria numerodecompte""",
    "national-id": """ssn socialsecuritynumber socialsecurityno socialsecurity nationalid nationalidentifier
        nationalidnumber nationalinsurancenumber nino ninumber taxid taxidnumber taxpayerid
        taxnumber tin itin steuerid steuernummer steueridentifikationsnummer
        sozialversicherungsnummer passport passportnumber passportno passportid passnummer
        reisepassnummer driverlicense driverslicense driverlicence driverlicensenumber
        driverslicensenumber drivinglicence drivinglicencenumber licenseplate idcardnumber
        identitynumber idnumber personnummer personalnumber fodselsnummer curp rfc cpf cnpj dni nif
        nie bsn pesel aadhaar aadhaarnumber codicefiscale rodnecislo cedula numerosecuritesociale
        sin sinnumber medicarenumber nhsnumber rrn 身份证 身份证号""",
    "email": """email mail emailaddress mailaddress useremail contactemail correo correoelectronico courriel
        adressemail epost eposta emailadresse emailid replyto recipientemail login username user
        userid 邮箱 メール""",
    "phone": """phone phonenumber phoneno telephone telephonenumber tel mobile mobilenumber mobileno mobilephone
        cellphone cell cellnumber homephone workphone contactnumber fax faxnumber msisdn whatsapp
        telefono telefon telefonnummer handynummer handy celular movil telefone telemovel telefoon
        gsm numerotelephone numerodetelephone phonee164 телефон 电话 手机 電話 전화""",
    "name": """firstname lastname fullname surname givenname familyname middlename maidenname cardholder
        cardholdername holdername accountholder accountholdername nameoncard vorname nachname
        familienname prenom nomdefamille nomcomplet apellido apellidos primerapellido
        segundoapellido nombrecompleto cognome sobrenome nomecompleto voornaam achternaam fornamn
        efternamn fornavn etternavn imie nazwisko patientname recipientname contactname
        mothersmaidenname legalname фамилия отчество 姓名 姓 氏名 fname lname personname sn""",
    "birth-date": """birthdate birthday dob dateofbirth birthdt geburtsdatum geburtstag fechanacimiento
        fechadenacimiento datedenaissance datanascimento datadenascimento datadinascita dataurodzenia geboortedatum
        fodelsedatum dayofbirth bday""",
    "address": """street streetaddress street1 street2 addressline addressline1 addressline2 address1 address2 address
        homeaddress mailingaddress billingaddress shippingaddress streetname streetline1 streetline2
        strasse anschrift rue calle direccion indirizzo endereco adresse straat gatuadress
        postaladdress residentialaddress""",
    "authorization": "authorization proxyauthorization authorizationheader authheader xauthorization",
    "cookies": "cookie setcookie cookieheader setcookieheader",
}
KINDS: Final[dict[str, str]] = {word: kind for kind, words in _ANNOUNCES.items() for word in words.split()}

# What may follow the telling words without changing what the value is.
_TAILS: Final = words(
    "value values hash hashed confirmation confirm confirmed repeat repeated again verify verification raw text plain "
    "plaintext encrypted string str base64 b64 digest field input param current old new header cookie"
)
# A token of these is a place in a list or a number of words, no credential.
_NO_CREDENTIAL: Final = words(
    "ratelimit rate quota next prev previous page paging pagination continuation cursor sync resume delta last "
    "marker batch count max min num "
    "number total input output prompt completion cached cache used limit per remaining cancellation reasoning audio "
    "accepted rejected skip nextpage stop eos bos pad unk mask sep special usage change position scroll stream"
)
_RUN_ON: Final = (
    ("password", "password"), ("passwd", "password"), ("passphrase", "password"), ("clientsecret", "secret"),
    ("secretkey", "secret"), ("apikey", "secret"), ("privatekey", "secret"), ("accesskey", "secret"),
    ("accesstoken", "token"), ("refreshtoken", "token"), ("authtoken", "token"), ("idtoken", "token"),
    ("csrftoken", "token"), ("apitoken", "token"), ("sessiontoken", "token"), ("usertoken", "token"),
    ("sessionid", "session"), ("sessid", "session"), ("creditcard", "card"), ("cardnumber", "card"),
    ("emailaddress", "email"), ("phonenumber", "phone"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def announced(name: str) -> str | None:
    """Give the kind of value that a name announces: by the whole words it ends with, never by a part of a word."""
    if not 1 < len(name) <= _LONGEST_NAME:
        return KINDS.get(name)
    words = split_words(name)
    while len(words) > 1 and (words[-1] in _TAILS or words[-1].isdigit()) and "".join(words[-2:]) not in KINDS:
        words.pop()
    if not words:
        return None
    kind = _by_ending(words)
    if kind == "token" and not _NO_CREDENTIAL.isdisjoint(words):
        return None
    return kind


def _by_ending(words: list[str]) -> str | None:
    for count in (4, 3, 2, 1):
        joined = "".join(words[-count:])
        kind = KINDS.get(joined) or (KINDS.get(joined[:-1]) if joined.endswith("s") else None)
        if kind:
            return kind
    last = words[-1]
    if any(last.startswith(word) or last.endswith(word + "token") for word in ("nextpage", "page", "continuation")):
        return None
    return next((kind for ending, kind in _RUN_ON if last.endswith(ending)), None)


def split_words(name: str) -> list[str]:
    """Split a name at its humps, dashes, dots and underscores, in lower case without accents."""
    if not name.isascii():
        name = _without_accents(name.replace("ß", "ss"))
    return [word.lower() for word in _WORD.findall(name)]


def _without_accents(name: str) -> str:
    """Drop the marks from Latin letters; in other scripts they make another letter."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", name):
        base = unicodedata.normalize("NFKD", char)
        kept.append(base[0] if base[0] < "\u0250" else char)
    return "".join(kept)

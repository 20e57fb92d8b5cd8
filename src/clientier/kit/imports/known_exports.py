"""The headings of exports as other systems write them, for ``presets`` to know them by.

One export a paragraph: where it is from and what its rows are; then, after "known by", headings that are all
there (one such line is enough); then for each field the columns that fill it. After ":" any of them, the
first that is filled; after "+" all of them, put together; after "=" one value for all rows.
"""

from __future__ import annotations

HEADINGS = """
Salesforce / customers
known by id, name, billingcity, ownerid
known by account name, account owner
known by account id, account name, billing city
known by id, name, billing_street, owner_id
external_id: Id, Account ID
name: Name, Account Name
phone: Phone, Account Phone
website: Website
industry: Industry
employees: NumberOfEmployees, Employees
parent: ParentId, Parent Account ID
owner: Owner.Username, Account Owner, Owner, OwnerId
first_seen: CreatedDate, Created Date
note: Description, Account Description
street: BillingStreet, Billing Address Line 1, Billing Street
city: BillingCity, Billing City
region: BillingState, Billing State/Province, Billing State, BillingStateCode
postcode: BillingPostalCode, Billing Zip/Postal Code
country: BillingCountry, Billing Country, BillingCountryCode
delivery_street: ShippingStreet, Shipping Street
delivery_city: ShippingCity, Shipping City
delivery_region: ShippingState, Shipping State/Province
delivery_postcode: ShippingPostalCode, Shipping Zip/Postal Code
delivery_country: ShippingCountry, Shipping Country

Salesforce / contacts
known by id, accountid, lastname
known by contact id, account id, last name
known by account name, contact owner, last name
known by id, account_id, last_name, mailing_city
external_id: Id, Contact ID
customer: AccountId, Account ID, Account Name
name: Name, Full Name
name + FirstName, LastName
name + First Name, Last Name
job_title: Title
department: Department
phone: Phone, MobilePhone, Mobile, Mobile Phone, HomePhone, OtherPhone, Business Phone
email: Email
reports_to: ReportsToId, Reports To ID
do_not_contact: DoNotCall, HasOptedOutOfEmail, Do Not Call

HubSpot / customers
known by record id, company name
known by record id, company owner, company domain name
known by id, property_name, property_createdate
external_id: Record ID, Record ID - Company, Company ID, id
name: Company name, Name, property_name, Company Domain Name
phone: Phone Number, property_phone
website: Website URL, Company Domain Name, property_domain, property_website
industry: Industry, property_industry
employees: Number of Employees, property_numberofemployees
owner: Company owner, HubSpot Owner Email, property_hubspot_owner_id
parent: Parent Company ID, Parent Company
street: Street Address, property_address
street + Street Address, Street Address 2
street + property_address, property_address_2
city: City, property_city
region: State/Region, property_state
postcode: Postal Code, property_zip
country: Country/Region, Country, property_country
first_seen: Create Date, property_createdate
note: Description, About Us, property_description

HubSpot / contacts
known by record id, first name, last name, email
known by record id, contact owner
known by id, property_email, property_firstname
external_id: Record ID, Record ID - Contact, Contact ID, id
customer: Associated Company IDs, Primary Associated Company ID, Associated Company, Company Name, property_company
name + First Name, Last Name
name + property_firstname, property_lastname
job_title: Job Title, property_jobtitle
phone: Phone Number, Mobile Phone Number, property_phone, property_mobilephone
email: Email, Email Address, property_email, property_email_1
decision_role: Buying Role
preferred_channel: Preferred channels
do_not_contact: Unsubscribed from all email

Pipedrive / customers
known by organization - id, organization - name
known by organization - name, organization - owner
known by organization - name, organization - address
external_id: Organization - ID, ID
name: Organization - Name, Name
owner: Organization - Owner, Owner
street: Organization - Address, Street/road name of Address
city: Organization - City/town/village/locality of Address, City/town/village/locality of Address
region: Organization - State/county of Address, State/county of Address
postcode: Organization - ZIP/Postal code of Address, ZIP/Postal code of Address
country: Organization - Country of Address, Country of Address
website: Organization - Website, Organization - Domain
industry: Organization - Industry
employees: Organization - Number of employees, Organization - Employee count
first_seen: Organization - Organization created, Organization created

Pipedrive / contacts
known by person - name, person - id
known by person - name, person - organization
known by person - name, person - email
external_id: Person - ID, ID
name: Person - Name
customer: Person - Organization ID, Organization - ID, Person - Organization, Organization - Name
phone: Person - Phone, Person - Phone - Work, Person - Phone - Mobile, Person - Phone - Home, Person - Phone - Other
email: Person - Email, Person - Email - Work, Person - Email - Home, Person - Email - Other
job_title: Person - Job title

Zoho / customers
known by record id, account name
known by record id, account name, account owner
known by record id, account name, account owner, phone
known by account id, account name, account owner
known by account name, account owner.id
external_id: Record Id, Account Id, Account Number
name: Account Name
phone: Phone
website: Website
industry: Industry
employees: Employees, No. of Employees
owner: Account Owner, Account Owner Name
parent: Parent Account.id, Parent Account ID, Parent Account
street: Billing Street
city: Billing City
region: Billing State
postcode: Billing Code
country: Billing Country
delivery_street: Shipping Street
delivery_city: Shipping City
delivery_region: Shipping State
delivery_postcode: Shipping Code
delivery_country: Shipping Country
first_seen: Created Time
note: Description

Zoho / contacts
known by record id, last name, account name
known by contact id, last name, contact owner
known by record id, contact owner, last name
external_id: Record Id, Contact Id
customer: Account Name.id, Account Id, Account Name
name: Full Name, Contact Name
name + First Name, Last Name
job_title: Title
department: Department
phone: Phone, Mobile, Home Phone, Other Phone
email: Email, Secondary Email
reports_to: Reporting To.id, Reporting To
do_not_contact: Email Opt Out

EspoCRM / customers
known by name, billing address city, assigned user
known by name, billingaddresscity, assignedusername
known by id, name, billingaddressstreet
external_id: ID
name: Name
phone: Phone, Phone Number
email: Email, Email Address
website: Website
industry: Industry
owner: Assigned User, assignedUserName, Assigned User Name
street: Billing Address Street, Billing Street
city: Billing Address City, Billing City
region: Billing Address State, Billing State
postcode: Billing Address Postal Code
country: Billing Address Country
delivery_street: Shipping Address Street
delivery_city: Shipping Address City
delivery_region: Shipping Address State
delivery_postcode: Shipping Address Postal Code
delivery_country: Shipping Address Country
first_seen: Created At
note: Description

EspoCRM / contacts
known by first name, last name, account, assigned user
known by firstname, lastname, accountname
known by id, first name, last name, account id
external_id: ID
customer: Account ID, accountId, Account, Account Name
name: Name
name + First Name, Last Name
job_title: Title, Account Title, accountRole
phone: Phone, Phone Number
email: Email, Email Address
do_not_contact: Do Not Call

Odoo / customers
known by external id, display name, is a company
known by complete name, phone, email, salesperson
known by display_name, is_company
known by id, name, is_company
external_id: External ID, Reference, id, ID
name: Complete Name, Display Name, Name, display_name
kind: Is a Company, is_company, Company Type
phone: Phone, Mobile
email: Email
website: Website, Website Link
owner: Salesperson, user_id
street + Street, Street2
street: Street
city: City
region: State, State/Name
postcode: Zip, ZIP
country: Country, Country/Name
registration_number: Tax ID, VAT
parent: Related Company/External ID, Related Company, parent_id/id
note: Notes

Odoo / contacts
known by external id, display name, related company
known by complete name, related company, job position
external_id: External ID, ID
customer: Related Company/External ID, Related Company
name: Name, Complete Name, Display Name
job_title: Job Position
phone: Phone, Mobile
email: Email

Attio / customers
known by record id, domains, record
known by record id, company > name
known by record id, name, domains
external_id: Record ID
name: Name, Record, Company, Company > Name
website: Domains, Primary domain
industry: Categories
note: Description
city: Primary location > City, HQ > City
region: Primary location > State
country: Primary location > Country, Primary location > Country code
first_seen: Created at, Foundation date
owner: Account owner, Owner

Attio / contacts
known by record id, email addresses
known by record id, name, company > record id
external_id: Record ID
name: Name > Full name, Name, Record
customer: Company > Record ID, Company
job_title: Job title
email: Email addresses, Primary email address
phone: Phone numbers

Google / contacts
known by first name, last name, e-mail 1 - value
known by given name, family name, e-mail 1 - value
known by name, given name, phone 1 - value
known by first name, organization name, phone 1 - value
name: Name
name + First Name, Middle Name, Last Name
name + Given Name, Additional Name, Family Name
customer: Organization Name, Organization 1 - Name
job_title: Organization Title, Organization 1 - Title
department: Organization Department, Organization 1 - Department
phone: Phone 1 - Value, Phone 2 - Value, Phone 3 - Value, Phone 4 - Value
email: E-mail 1 - Value, E-mail 2 - Value, E-mail 3 - Value

Google / customers
known by first name, last name, e-mail 1 - value
known by given name, family name, e-mail 1 - value
known by name, given name, phone 1 - value
known by first name, organization name, phone 1 - value
kind = person
name: Name
name + First Name, Middle Name, Last Name
name + Given Name, Additional Name, Family Name
phone: Phone 1 - Value, Phone 2 - Value, Phone 3 - Value, Phone 4 - Value
email: E-mail 1 - Value, E-mail 2 - Value, E-mail 3 - Value
website: Website 1 - Value
street: Address 1 - Street
city: Address 1 - City
region: Address 1 - Region
postcode: Address 1 - Postal Code
country: Address 1 - Country
delivery_street: Address 2 - Street
delivery_city: Address 2 - City
delivery_region: Address 2 - Region
delivery_postcode: Address 2 - Postal Code
delivery_country: Address 2 - Country
note: Notes

Outlook / contacts
known by first name, last name, company, e-mail address
known by first name, last name, business phone, e-mail address
name + First Name, Middle Name, Last Name
customer: Company
job_title: Job Title
department: Department
phone: Business Phone, Mobile Phone, Company Main Phone, Primary Phone, Business Phone 2, Home Phone, Other Phone
email: E-mail Address, E-mail 2 Address, E-mail 3 Address

Outlook / customers
known by first name, last name, e-mail address, business street
known by first name, last name, home phone, e-mail address
kind = person
name + First Name, Middle Name, Last Name
phone: Business Phone, Mobile Phone, Home Phone, Primary Phone, Other Phone
email: E-mail Address, E-mail 2 Address, E-mail 3 Address
website: Web Page, Personal Web Page
street: Business Street, Home Street, Other Street
city: Business City, Home City, Other City
region: Business State, Home State, Other State
postcode: Business Postal Code, Home Postal Code, Other Postal Code
country: Business Country/Region, Home Country/Region, Other Country/Region
note: Notes

vCard / contacts
known by full name, phone, company name
known by full name, e-mail
known by uid, full name
known by full name, phone
external_id: UID
name: Full name
customer: Company name
job_title: Job title, Role
department: Department
phone: Phone, Phone 2, Phone 3, Phone 4, Phone 5, Phone 6
email: E-mail, E-mail 2, E-mail 3, E-mail 4
wechat: WeChat

vCard / customers
known by full name, phone, company name
known by full name, e-mail
known by uid, full name
known by full name, phone
kind = person
external_id: UID
name: Full name
other_names: Nickname
phone: Phone, Phone 2, Phone 3, Phone 4, Phone 5, Phone 6
email: E-mail, E-mail 2, E-mail 3, E-mail 4
website: Website, Website 2
street: Street
city: City
region: State
postcode: Postcode
country: Country
delivery_street: Street 2
delivery_city: City 2
delivery_region: State 2
delivery_postcode: Postcode 2
delivery_country: Country 2
note: Notes
"""
